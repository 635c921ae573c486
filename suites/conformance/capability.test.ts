import assert from 'node:assert/strict';
import { test } from 'node:test';
import { capabilityNames, capabilitySets, mask } from './capability.ts';

const status =
  'Name:\tsh\nCapInh:\t0000000000000000\nCapPrm:\t0000000000000400\nCapEff:\t0000000000000401\nCapBnd:\t00000000a80425fb\n';

test('the capability sets of a process are read from its status, on several lines or on one', () => {
  for (const text of [status, status.replaceAll(/\s+/g, ' ')]) {
    assert.equal(mask(text, 'CapBnd'), 0xa80425fbn);
    const { effective, permitted, bounding } = capabilitySets(text);
    assert.deepEqual(effective, ['CHOWN', 'NET_BIND_SERVICE']);
    assert.deepEqual(permitted, ['NET_BIND_SERVICE']);
    assert.equal(bounding.length, 14);
  }
});

test('a set that is not there is none', () => {
  assert.equal(mask(status, 'CapAmb'), undefined);
  assert.deepEqual(capabilityNames(0n), []);
});
