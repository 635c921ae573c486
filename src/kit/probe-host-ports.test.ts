import assert from 'node:assert/strict';
import { test } from 'node:test';
import { create, StatusResponseSchema } from '../cri/messages.ts';
import { probeHostPorts } from './probe-host-ports.ts';

const network = (...plugins: readonly object[]): object => ({
  Config: { Name: 'a', CNIVersion: '0.4.0', Plugins: plugins.map((Network) => ({ Network, Source: '{}' })) },
  IFName: 'eth0',
});
const probed = (...networks: readonly object[]): unknown => {
  const info = { cniconfig: JSON.stringify({ PluginDirs: ['/opt/cni/bin'], Networks: networks }) };
  const { present, detail } = probeHostPorts(create(StatusResponseSchema, { info }));
  return { present, detail };
};
const loopback = network({ type: 'loopback', ipam: {}, dns: {} });
const bridge = { type: 'bridge', ipam: { type: 'host-local' } };

test('a plug-in that takes port mappings is found in any network of the CNI configuration', () => {
  const portmap = { type: 'portmap', capabilities: { portMappings: true }, ipam: {} };
  const detail = 'the CNI plug-in portmap takes port mappings';
  assert.deepEqual(probed(loopback, network(bridge, portmap)), { present: true, detail });
});

test('a CNI configuration without such a plug-in maps no host ports', () => {
  const detail = 'no plug-in of the CNI configuration takes port mappings';
  assert.deepEqual(probed(loopback, network(bridge)), { present: false, detail });
  assert.deepEqual(probed(network({ type: 'portmap', capabilities: { portMappings: false } })), {
    present: false,
    detail,
  });
});

test('a runtime that tells of no plug-ins, or in another form, is taken to map the ports itself', () => {
  for (const info of [{}, { cniconfig: '{}' }, { cniconfig: 'none' }])
    assert.equal(probeHostPorts(create(StatusResponseSchema, { info })).present, true);
});
