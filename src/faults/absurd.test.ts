import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import fc from 'fast-check';
import { loadCatalogue } from '../conformance/catalogue.ts';
import { executeCase } from '../conformance/execute-case.ts';
import { connect } from '../cri/client.ts';
import type { CriClient } from '../cri/client.ts';
import type { Case } from '../kit/case.ts';
import { Ledger } from '../kit/ledger.ts';
import { probeTarget } from '../kit/probe.ts';
import { hasFeature } from '../kit/target-context.ts';
import type { TargetContext } from '../kit/target-context.ts';
import { noBusybox } from '../lab/busybox.ts';
import { ImageBuilder } from '../lab/images/build.ts';
import { ImageStore } from '../lab/images/image-store.ts';
import { createRegistry } from '../lab/registry/server.ts';
import { outcomeSchema } from '../model/outcome.ts';
import { startSimulator } from '../simulator/simulator.ts';
import { absurd, absurdities, fieldPaths } from './absurd.ts';
import { proxyWith } from './proxy.ts';
import { isRpc, isStream } from './rpc.ts';
import type { UnaryRpc } from './rpc.ts';

const runId = 'absurd';
const asked = 40;

/** What a case asks by an RPC, and the field of the answer that makes no sense. */
interface Absurd {
  readonly question: Case;
  readonly rpc: UnaryRpc;
  readonly path: string;
}

describe('a runtime that answers something absurd in one field', () => {
  const home = mkdtempSync(join(tmpdir(), 'crible-absurd-'));
  const homeBefore = process.env['CRIBLE_HOME'];
  const registry = createRegistry(new ImageStore(new ImageBuilder(noBusybox)));
  let endpoint: string;
  let target: TargetContext;
  let client: CriClient;
  let close: () => Promise<void>;
  let absurds: readonly Absurd[];

  before(async () => {
    process.env['CRIBLE_HOME'] = home;
    Ledger.create(runId);
    await new Promise<void>((resolve) => registry.listen(0, '127.0.0.1', resolve));
    const address = registry.address();
    assert.ok(address !== null && typeof address === 'object');
    const simulator = await startSimulator();
    endpoint = simulator.endpoint;
    close = () => simulator.close();
    client = await connect(endpoint);
    ({ context: target } = await probeTarget(client, {
      ...{ runId, name: 'absurd', spec: 'sim:', hostId: 'host', handler: '', besideKubelet: false },
      images: { prefix: `127.0.0.1:${String(address.port)}/crible`, loopback: true },
      signal: new AbortController().signal,
    }));
    const { cases } = await loadCatalogue();
    absurds = cases
      .filter(
        ({ declaration: { needs, timeoutMs } }) =>
          timeoutMs <= 60_000 && needs.every((need) => hasFeature(target, need)),
      )
      .flatMap((question) =>
        question.declaration.rpcs
          .filter(isRpc)
          .filter((rpc): rpc is UnaryRpc => !isStream(rpc))
          .flatMap((rpc) => fieldPaths(rpc).map((path) => ({ question, rpc, path }))),
      );
  });
  after(async () => {
    client.close();
    await close();
    registry.closeAllConnections();
    registry.close();
    if (homeBefore === undefined) delete process.env['CRIBLE_HOME'];
    else process.env['CRIBLE_HOME'] = homeBefore;
    rmSync(home, { recursive: true });
  });

  const outcomeOf = async ({ question, rpc, path }: Absurd, how: (typeof absurdities)[number]): Promise<string> => {
    const proxy = await proxyWith([absurd(rpc, path, how)], { endpoint });
    const throughProxy = await connect(proxy.endpoint);
    try {
      // What waits for a promise to be kept waits a tenth of its time, and for an answer a second.
      const impatient = { ...target, endpoint: proxy.endpoint, patience: 0.02, callTimeoutMs: 1_000 };
      const short = { ...question, declaration: { ...question.declaration, timeoutMs: 4_000 } };
      const { outcome } = await executeCase(
        short,
        impatient,
        throughProxy,
        () => undefined,
        new AbortController().signal,
      );
      return outcomeSchema.parse(JSON.parse(JSON.stringify(outcome))).status;
    } finally {
      throughProxy.close();
      await proxy.close();
    }
  };

  test('gives every case an outcome, whatever the field', async () => {
    const seen = new Map<string, number>();
    await fc.assert(
      fc.asyncProperty(fc.nat(), fc.constantFrom(...absurdities), async (index, how) => {
        const one = absurds[index % absurds.length];
        assert.ok(one !== undefined);
        const status = await outcomeOf(one, how);
        seen.set(status, (seen.get(status) ?? 0) + 1);
      }),
      { numRuns: asked },
    );
    assert.ok((seen.get('failed') ?? 0) > 0, `none of ${String(asked)} was noticed: ${JSON.stringify([...seen])}`);
  });
});
