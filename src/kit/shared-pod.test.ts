import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, describe, it } from 'node:test';
import { connect, type CriClient } from '../cri/client.ts';
import { StatusError } from '../cri/handler.ts';
import { serve, type CriServer } from '../cri/server.ts';
import { Ledger } from './ledger.ts';
import { thisProcess } from './process-identity.ts';
import { SharedPod } from './shared-pod.ts';
import type { TargetContext } from './target-context.ts';

describe('a pod that cases share', () => {
  const home = mkdtempSync(join(tmpdir(), 'crible-shared-'));
  const homeBefore = process.env['CRIBLE_HOME'];
  const never = new AbortController().signal;
  const asked: string[] = [];
  let pods = 0;
  let ending = false;
  let server: CriServer;
  let cri: CriClient;
  let shared: SharedPod;

  before(async () => {
    process.env['CRIBLE_HOME'] = home;
    Ledger.create('test');
    const note = (what: string): Promise<object> => {
      asked.push(what);
      return Promise.resolve({});
    };
    server = await serve(`unix://${join(home, 'cri.sock')}`, {
      runtime: {
        version: () => Promise.resolve({ version: '0.1.0', runtimeName: 'noting', runtimeVersion: '1.0' }),
        runPodSandbox: async () => {
          const podSandboxId = `pod-${String(++pods)}`;
          await note(`run ${podSandboxId}`);
          return { podSandboxId };
        },
        listPodSandbox: () => Promise.resolve({ items: [] }),
        // It ignores the filter: what is another pod's must be left alone.
        listContainers: () =>
          Promise.resolve({
            containers: ['pod-1', 'pod-2', 'pod-of-another'].map((podSandboxId) => ({
              ...{ id: `in-${podSandboxId}`, podSandboxId },
            })),
          }),
        stopContainer: ({ containerId }) => note(`stop ${containerId}`),
        removeContainer: ({ containerId }) => {
          if (!ending) return note(`remove ${containerId}`);
          ending = false;
          throw new StatusError('Unknown', 'container is still running, to stop first');
        },
        stopPodSandbox: ({ podSandboxId }) => note(`stop ${podSandboxId}`),
        removePodSandbox: ({ podSandboxId }) => note(`remove ${podSandboxId}`),
      },
    });
    cri = await connect(server.endpoint);
  });
  after(() => {
    cri.close();
    server.close();
    if (homeBefore === undefined) delete process.env['CRIBLE_HOME'];
    else process.env['CRIBLE_HOME'] = homeBefore;
    rmSync(home, { recursive: true });
  });
  beforeEach(() => {
    asked.length = 0;
    pods = 0;
    const target: TargetContext = {
      ...{ runId: 'test', owner: thisProcess(), name: 'noting', endpoint: server.endpoint, handler: '' },
      ...{ features: [], cgroupDriver: 'unknown', foreignClients: false },
      images: { prefix: '127.0.0.1:1/crible', loopback: true },
    };
    shared = new SharedPod(target);
  });

  it('is made once, however often it is asked for', async () => {
    const both = await Promise.all([shared.lend(cri, never), shared.lend(cri, never)]);
    assert.deepEqual(new Set(both.map(({ id }) => id)), new Set(['pod-1']));
    assert.equal(shared.lentPodId, 'pod-1');
    assert.deepEqual(asked, ['run pod-1']);
  });

  it('is lent again after a case that passed, without its containers and no other pod’s', async () => {
    await shared.lend(cri, never);
    assert.deepEqual(await shared.takeBack(cri, true), []);
    assert.equal((await shared.lend(cri, never)).id, 'pod-1');
    assert.deepEqual(asked, ['run pod-1', 'stop in-pod-1', 'remove in-pod-1']);
  });

  it('asks again about a container that ends by itself while it is removed', async () => {
    await shared.lend(cri, never);
    ending = true;
    assert.deepEqual(await shared.takeBack(cri, true), []);
    assert.deepEqual(asked, ['run pod-1', 'stop in-pod-1', 'stop in-pod-1', 'remove in-pod-1']);
  });

  it('goes with a case that did not pass', async () => {
    await shared.lend(cri, never);
    assert.deepEqual(await shared.takeBack(cri, false), []);
    assert.deepEqual(asked.slice(-2), ['stop pod-1', 'remove pod-1']);
    assert.equal((await shared.lend(cri, never)).id, 'pod-2');
  });

  it('is left alone by a case that did not borrow it, and goes in the end', async () => {
    await shared.lend(cri, never);
    await shared.takeBack(cri, true);
    asked.length = 0;
    assert.deepEqual(await shared.takeBack(cri, false), []);
    assert.deepEqual(asked, []);
    assert.deepEqual(await shared.remove(cri), []);
    assert.deepEqual(asked, ['stop in-pod-1', 'stop pod-1', 'remove pod-1']);
  });
});
