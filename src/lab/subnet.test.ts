import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { chooseSubnet, gatewayHardwareAddress, gatewayOf, parseNetwork, takenNetworks } from './subnet.ts';

const routeTable = [
  'Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT',
  'eth0\t00000000\t010200C0\t0003\t0\t0\t0\t00000000\t0\t0\t0',
  'crt9\t0000C00A\t00000000\t0001\t0\t0\t0\t0000F0FF\t0\t0\t0',
].join('\n');

test('networks in use: routes but the default one, addresses, name servers', () => {
  const taken = takenNetworks(routeTable, 'search x\nnameserver 10.208.3.4\nnameserver ::1\n');
  assert.ok(taken.some((network) => network.prefixLength === 12 && network.address === 0x0ac0_0000));
  assert.ok(taken.some((network) => network.prefixLength === 32 && network.address === 0x0ad0_0304));
  assert.ok(
    taken.every(({ prefixLength }) => prefixLength > 0),
    'the default route is everywhere and takes nothing',
  );
});

test('a chosen subnet meets no network in use', () => {
  const taken = takenNetworks(routeTable, 'nameserver 10.208.0.4\n');
  assert.equal(chooseSubnet(taken, 0), '10.208.1.0/24', 'the first 4096 are routed, the next has the name server');
  assert.equal(chooseSubnet([], 8191), '10.223.255.0/24');
  assert.equal(chooseSubnet([parseNetwork('10.223.255.128/25')], 8191), '10.192.0.0/24', 'goes on from the start');
  assert.throws(() => chooseSubnet([parseNetwork('10.0.0.0/8')], 5), /no free/);
  fc.assert(
    fc.property(fc.nat(), fc.array(fc.nat(8191), { maxLength: 50 }), (seed, used) => {
      const subnets = used.map((index) => chooseSubnet([], index));
      assert.ok(!subnets.includes(chooseSubnet(subnets.map(parseNetwork), seed)));
    }),
  );
});

test('the gateway is the first address', () => {
  assert.equal(gatewayOf('10.200.7.0/24'), '10.200.7.1');
  assert.equal(gatewayHardwareAddress('10.200.7.0/24'), '0a:58:0a:c8:07:01');
});
