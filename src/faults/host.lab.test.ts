import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { after as afterCall } from './combinators.ts';
import { leakCgroup, leakMount, leakNetworkNamespace } from './host.ts';
import { proxied } from './testing.ts';

const impossible = process.geteuid?.() === 0 ? false : 'needs root';

test('what a fault leaks on the host is there while the proxy is, and not after', { skip: impossible }, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'crible-leak-test-'));
  after(() => {
    rmSync(folder, { recursive: true });
  });
  const mount = join(folder, 'mount');
  const leaks = afterCall('StartContainer', async (_, __, context) => {
    await leakMount(context, mount);
    await leakNetworkNamespace(context);
    leakCgroup(context, join(folder, 'cgroup'));
  });
  const { cri, proxy } = await proxied([leaks], { startContainer: () => Promise.resolve({}) });
  const traces = (): readonly boolean[] => [
    readFileSync('/proc/mounts', 'utf8').includes(mount),
    execFileSync('ip', ['netns', 'list'], { encoding: 'utf8' }).includes('crible-fault-'),
    existsSync(join(folder, 'cgroup')),
  ];
  await cri.runtime.startContainer({ containerId: 'a' });
  assert.deepEqual(traces(), [true, true, true]);
  assert.deepEqual(await proxy.close(), []);
  assert.deepEqual(traces(), [false, false, false]);
});
