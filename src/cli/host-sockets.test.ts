import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { UsageError } from '../model/error.ts';
import { startSimulator } from '../simulator/simulator.ts';
import type { Simulator } from '../simulator/simulator.ts';
import { chooseSockets } from './host-sockets.ts';
import { recordingShell } from './recording-shell.ts';

describe('without a target', () => {
  let simulator: Simulator;
  before(async () => {
    simulator = await startSimulator();
  });
  after(async () => {
    await simulator.close();
  });
  const choose = (yes: boolean, shell = recordingShell()): Promise<readonly string[]> =>
    chooseSockets(yes, shell, ['unix:///nowhere/cri.sock', simulator.endpoint]);

  it('names the sockets that answer when nobody can be asked', async () => {
    await assert.rejects(
      choose(false),
      (error) => error instanceof UsageError && error.message.includes(`${simulator.endpoint} (crible-simulator`),
    );
  });

  it('takes them all with --yes', async () => {
    assert.deepEqual(await choose(true), [simulator.endpoint]);
  });

  it('takes those that the user agrees to', async () => {
    assert.deepEqual(await choose(false, recordingShell([true])), [simulator.endpoint]);
    await assert.rejects(choose(false, recordingShell([false])), UsageError);
  });

  it('says so when nothing answers', async () => {
    await assert.rejects(chooseSockets(true, recordingShell(), ['unix:///nowhere/cri.sock']), /no runtime answers/);
  });
});
