import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { connect, type CriClient } from '../cri/client.ts';
import { serve, type CriServer } from '../cri/server.ts';
import { defineCase } from '../kit/case.ts';
import { Ledger } from '../kit/ledger.ts';
import { thisProcess } from '../kit/process-identity.ts';
import type { TargetContext } from '../kit/target-context.ts';
import { executeCase } from './execute-case.ts';

const asksWithoutSignal = defineCase({
  id: 'test/never-answered',
  title: 'answers',
  level: 'required',
  rpcs: ['ListImages'],
  basis: [{ kind: 'proto', text: 'an RPC is answered' }],
  timeoutMs: 200,
  run: async ({ cri, expect }) => {
    await expect.succeeds('answered', cri.image.listImages({}), 'ListImages');
  },
});

describe('executeCase on a runtime that never answers', () => {
  const home = mkdtempSync(join(tmpdir(), 'crible-test-'));
  const homeBefore = process.env['CRIBLE_HOME'];
  let server: CriServer;
  let client: CriClient;
  let target: TargetContext;

  before(async () => {
    process.env['CRIBLE_HOME'] = home;
    server = await serve(`unix://${join(home, 'cri.sock')}`, {
      runtime: {
        version: () => Promise.resolve({ version: '0.1.0', runtimeName: 'mute', runtimeVersion: '1.0' }),
        listPodSandbox: () => Promise.resolve({ items: [] }),
      },
      image: { listImages: () => new Promise(() => undefined) },
    });
    client = await connect(server.endpoint);
    target = {
      runId: 'test',
      owner: thisProcess(),
      name: 'mute',
      endpoint: server.endpoint,
      handler: '',
      features: [],
      cgroupDriver: 'unknown',
      images: { prefix: '127.0.0.1:1/crible', loopback: true },
      foreignClients: false,
    };
    Ledger.create(target.runId);
  });

  after(() => {
    client.close();
    server.close();
    if (homeBefore === undefined) delete process.env['CRIBLE_HOME'];
    else process.env['CRIBLE_HOME'] = homeBefore;
    rmSync(home, { recursive: true });
  });

  it('ends the case when its time is up', async () => {
    const never = new AbortController().signal;
    const { outcome, durationNs } = await executeCase(asksWithoutSignal, target, client, () => undefined, never);
    assert.equal(outcome.status, 'timed-out');
    assert.ok(durationNs < 5e9, `took ${String(durationNs / 1e6)} ms`);
  });

  it('ends the case when the run is interrupted', async () => {
    const interruption = new AbortController();
    const execution = executeCase(
      { ...asksWithoutSignal, declaration: { ...asksWithoutSignal.declaration, timeoutMs: 60_000 } },
      target,
      client,
      () => undefined,
      interruption.signal,
    );
    setTimeout(() => {
      interruption.abort();
    }, 100);
    const { outcome, durationNs } = await execution;
    assert.equal(outcome.status, 'not-run');
    assert.ok(durationNs < 5e9, `took ${String(durationNs / 1e6)} ms`);
  });
});
