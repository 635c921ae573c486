import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { tracesOf } from './traces.ts';

test('a process that names a container is a trace of it until it ends', async () => {
  const [id, other] = [randomBytes(32).toString('hex'), randomBytes(32).toString('hex')];
  const child = spawn('sh', ['-c', 'sleep 60 & wait', `/run/shim/${id}/log`], { stdio: 'ignore', detached: true });
  await once(child, 'spawn');
  const found = (): readonly string[] => tracesOf(new Set([id, other]), process.pid).processes;
  try {
    while (found().length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    assert.match(found()[0] ?? '', new RegExp(`^process ${String(child.pid)} \\(sh -c`));
    assert.deepEqual(tracesOf(new Set([other]), process.pid), { processes: [], mounts: [], cgroups: [] });
  } finally {
    process.kill(-(child.pid ?? NaN), 'SIGKILL');
    await once(child, 'exit');
  }
  assert.deepEqual(found(), []);
});
