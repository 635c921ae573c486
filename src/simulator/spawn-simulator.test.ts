import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { connect } from '../cri/client.ts';
import { runtimeName } from './node-handlers.ts';
import { spawnSimulator } from './spawn-simulator.ts';
import { until } from './testing.ts';

const socketOf = (endpoint: string): string => endpoint.replace('unix://', '');

/** Whether a process is there, with the signal that does nothing. */
function lives(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

test('it serves from a process of its own, and stopping it leaves neither process nor socket', async () => {
  const simulator = await spawnSimulator();
  assert.notEqual(simulator.pid, process.pid);
  const cri = await connect(simulator.endpoint);
  assert.equal(cri.version.runtimeName, runtimeName);
  const { podSandboxId } = await cri.runtime.runPodSandbox({
    config: { metadata: { name: 'a', namespace: 'b', uid: 'c' } },
  });
  assert.ok((await cri.runtime.listPodSandbox({})).items.some(({ id }) => id === podSandboxId));
  cri.close();
  await simulator.stop();
  assert.equal(lives(simulator.pid), false);
  assert.equal(existsSync(dirname(socketOf(simulator.endpoint))), false);
});

test('one that hangs is stopped by force, and its socket removed', async () => {
  const simulator = await spawnSimulator();
  process.kill(simulator.pid, 'SIGSTOP');
  await simulator.stop();
  assert.equal(lives(simulator.pid), false);
  assert.equal(existsSync(dirname(socketOf(simulator.endpoint))), false);
});

test('it ends with the process that started it, also when that one is killed, and not by Ctrl-C', async () => {
  const module = fileURLToPath(new URL('./spawn-simulator.ts', import.meta.url));
  const script = `import(${JSON.stringify(module)}).then(async ({ spawnSimulator }) => {
    const { endpoint, pid } = await spawnSimulator();
    console.log(JSON.stringify({ endpoint, pid }));
  });`;
  const parent = spawn(process.execPath, ['--import', 'tsx', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = z.tuple([z.instanceof(Buffer)]).parse(await once(parent.stdout, 'data'));
  const { endpoint, pid } = z.object({ endpoint: z.string(), pid: z.number() }).parse(JSON.parse(line.toString()));
  process.kill(pid, 'SIGINT');
  const cri = await connect(endpoint);
  cri.close();
  parent.kill('SIGKILL');
  await until(() => !lives(pid));
  assert.equal(existsSync(dirname(socketOf(endpoint))), false);
});
