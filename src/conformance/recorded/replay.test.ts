import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { connect } from '../../cri/client.ts';
import { serve } from '../../cri/server.ts';
import { Ledger } from '../../kit/ledger.ts';
import { parseLog } from '../../kit/log-file.ts';
import { thisProcess } from '../../kit/process-identity.ts';
import type { TargetContext } from '../../kit/target-context.ts';
import { loadCatalogue } from '../catalogue.ts';
import { executeCase } from '../execute-case.ts';
import { readConversation } from './conversation.ts';
import type { Conversation } from './conversation.ts';
import { expectedVerdicts } from './expected-verdicts.ts';
import type { ExpectedVerdict } from './expected-verdicts.ts';
import { Replay } from './replay.ts';

const home = mkdtempSync(join(tmpdir(), 'crible-recorded-'));
const homeBefore = process.env['CRIBLE_HOME'];
const { cases } = await loadCatalogue();
const crio = readConversation(new URL('crio-1.37.0-dev-runc.json', import.meta.url));
const dockerd = readConversation(new URL('cri-dockerd-docker-28.5.2.json', import.meta.url));
let sockets = 0;

before(() => {
  process.env['CRIBLE_HOME'] = home;
  Ledger.create('recorded');
});

after(() => {
  if (homeBefore === undefined) delete process.env['CRIBLE_HOME'];
  else process.env['CRIBLE_HOME'] = homeBefore;
  rmSync(home, { recursive: true });
});

interface Judged {
  /** `passed`, the key of the expectation that failed, or what else became of the case. */
  readonly verdict: string;
  readonly strays: readonly string[];
}

/** Asks one case of a recording, by its own code, over a socket. */
async function judge(conversation: Conversation, { caseId, roles = [] }: ExpectedVerdict): Promise<Judged> {
  const found = cases.find(({ declaration }) => declaration.id === caseId);
  assert.ok(found, `there is no case ${caseId}`);
  const replay = new Replay(conversation, roles);
  sockets += 1;
  const server = await serve(`unix://${join(home, `${String(sockets)}.sock`)}`, replay.handlers);
  const client = await connect(server.endpoint);
  try {
    const target: TargetContext = {
      runId: 'recorded',
      owner: thisProcess(),
      name: conversation.runtime,
      endpoint: server.endpoint,
      handler: '',
      features: [{ name: 'host-files', present: true, detail: 'the log is written here' }],
      cgroupDriver: 'unknown',
      images: { prefix: '127.0.0.1:1/crible', loopback: true },
      foreignClients: false,
    };
    const never = new AbortController().signal;
    const { outcome } = await executeCase(found, target, client, () => undefined, never);
    switch (outcome.status) {
      case 'failed':
        return { verdict: outcome.key, strays: replay.strays };
      case 'errored':
        return { verdict: `errored: ${outcome.message}`, strays: replay.strays };
      default:
        return { verdict: outcome.status, strays: replay.strays };
    }
  } finally {
    client.close();
    server.close();
  }
}

for (const [name, conversation] of Object.entries({ crio, dockerd })) {
  describe(`${conversation.runtime}, as it was recorded`, () => {
    for (const expected of expectedVerdicts) {
      const verdict = name === 'crio' ? expected.crio : expected.dockerd;
      if (verdict === undefined) continue;
      it(`${expected.caseId}: ${verdict}`, async () => {
        assert.deepEqual(await judge(conversation, expected), { verdict, strays: [] });
      });
    }
  });
}

describe('a recording', () => {
  it('decides: with another answer in it the verdict is another', async () => {
    const error = { kind: 'error', code: 'NotFound', message: 'no such container' } as const;
    const steps = crio.steps.map((step) => (step.rpc === 'StopContainer' ? { ...step, answer: error } : step));
    const { verdict } = await judge({ ...crio, steps }, { caseId: 'container/stop/unknown-id' });
    assert.equal(verdict, 'stop-unknown');
  });

  it('refuses and notes what it has no answer to', async () => {
    const { verdict, strays } = await judge(crio, { caseId: 'pod-sandbox/run/next-attempt' });
    assert.equal(verdict, 'runs');
    assert.deepEqual(strays, ['RunPodSandbox, new']);
  });

  it('has log lines of CRI-O that are records, long lines in parts', () => {
    const bytes = Buffer.from(crio.log.map((line) => `${line}\n`).join(''));
    const records = parseLog(bytes).map(({ stream, tags }) => `${stream} ${tags.join(':')}`);
    const parts = Array.from({ length: 5 }, () => 'stdout P');
    assert.deepEqual(records, ['stdout F', 'stderr F', ...parts, 'stdout F', 'stdout P']);
  });
});
