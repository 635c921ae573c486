import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { test } from 'node:test';
import { connect } from '../cri/client.ts';
import { startSimulator } from '../simulator/simulator.ts';
import { spawnProxies } from './spawn-proxies.ts';

test('one process holds many proxies, each with its own fault, and leaves nothing when it is stopped', async () => {
  const simulator = await startSimulator();
  const proxies = await spawnProxies();
  const { endpoint } = simulator;
  const [none, nameless] = await Promise.all([
    proxies.open({ fault: 'none', args: [], endpoint }),
    proxies.open({ fault: 'runtime-without-a-name', args: [], endpoint }),
  ]);
  const names: string[] = [];
  for (const proxy of [none, nameless]) {
    const cri = await connect(proxy.endpoint);
    names.push(cri.version.runtimeName);
    cri.close();
  }
  assert.deepEqual(names, ['crible-simulator', '']);
  assert.deepEqual(await none.close(), []);
  await assert.rejects(connect(none.endpoint));
  await proxies.stop();
  assert.equal(existsSync(dirname(nameless.endpoint.slice('unix://'.length))), false);
  assert.throws(() => process.kill(proxies.pid, 0));
  await simulator.close();
});

test('why a proxy cannot be opened is told as what it is', async () => {
  const proxies = await spawnProxies();
  const endpoint = 'unix:///nonexistent/cri.sock';
  await assert.rejects(proxies.open({ fault: 'nonsuch', args: [], endpoint }), { name: 'UsageError' });
  await assert.rejects(proxies.open({ fault: 'none', args: [], endpoint }), { name: 'TargetError' });
  await proxies.stop();
  await assert.rejects(proxies.open({ fault: 'none', args: [], endpoint }), /ended before/);
});
