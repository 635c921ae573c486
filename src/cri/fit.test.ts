import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { fit } from './fit.ts';
import type { CallEntry } from './fit.ts';

const bytesOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));
const call = (rpc: string, response: CallEntry['request']): CallEntry => ({
  rpc,
  startedAtMs: 0,
  durationNs: 1,
  request: {},
  response,
});

const anyCall: fc.Arbitrary<CallEntry> = fc.record(
  {
    rpc: fc.constantFrom('Version', 'UpdatePodSandboxResources', 'ExecSync'),
    startedAtMs: fc.double({ noNaN: true, noDefaultInfinity: true }),
    durationNs: fc.maxSafeNat(),
    request: fc.jsonValue({ noUnicodeString: false }).map((value) => value as CallEntry['request']),
    response: fc.string({ unit: 'binary', size: 'max', maxLength: 6000 }),
    error: fc.record({
      code: fc.constant('Unknown'),
      message: fc.string({
        unit: fc.constantFrom('\u0000', '\ud800', '\u20ac', '"', 'a'),
        maxLength: 6000,
        size: 'max',
      }),
    }),
  },
  { requiredKeys: ['rpc', 'startedAtMs', 'durationNs', 'request'] },
);

test('a transcript never exceeds its cap and keeps its first and last calls', () => {
  fc.assert(
    fc.property(fc.array(anyCall, { maxLength: 25 }), fc.integer({ min: 4096, max: 65_536 }), (calls, cap) => {
      const fitted = fit(calls, cap);
      assert.ok(bytesOf(fitted) <= cap, `${bytesOf(fitted).toString()} > ${cap.toString()}`);
      if (bytesOf(calls) <= cap) assert.deepEqual(fitted, calls);
      const kept = fitted.filter((entry) => 'rpc' in entry);
      const [first, last] = [fitted[0], fitted.at(-1)];
      assert.ok(calls.length === 0 || (first && last && 'rpc' in first && 'rpc' in last));
      assert.equal(kept[0]?.startedAtMs, calls[0]?.startedAtMs);
      assert.equal(kept.at(-1)?.startedAtMs, calls.at(-1)?.startedAtMs);
      const notes = fitted.filter((entry) => 'note' in entry);
      const leftOut = notes.reduce((sum, { note }) => sum + Number.parseInt(note), 0);
      assert.equal(kept.length + leftOut, calls.length);
      assert.ok(notes.length <= 1);
    }),
    { numRuns: 60 },
  );
});

test('a large answer gives way to its beginning before any call is left out', () => {
  const large = call('ListImages', { images: Array.from({ length: 5000 }, (_, i) => ({ id: i.toString() })) });
  const fitted = fit([call('Version', {}), large, call('Status', {})], 65_536);
  assert.deepEqual(fitted[0], call('Version', {}));
  const shortened = fitted[1];
  assert.ok(shortened && 'rpc' in shortened);
  assert.match(
    JSON.stringify(shortened.response),
    /^\{"note":"\d+ bytes, cut short","beginning":"\{\\"images\\":\[\{\\"id\\":\\"0\\"/,
  );
});

test('calls in the middle give way to a note that counts them', () => {
  const polls = Array.from({ length: 2000 }, () => call('ContainerStatus', { state: 'CONTAINER_RUNNING' }));
  const fitted = fit([call('RunPodSandbox', {}), ...polls, call('StopContainer', {})], 8192);
  const note = fitted.find((entry) => 'note' in entry);
  assert.match(note?.note ?? '', /^\d+ calls \(\d+ bytes\) left out here: ContainerStatus \d+$/);
});

test('a cap too small for first and last is refused', () => {
  assert.throws(() => fit([], 100), RangeError);
});

test('the worst first and last calls still fit into the smallest cap', () => {
  for (const character of ['\u0000', '\ud800', '"', '\\', '\u20ac', '\u{1f600}', 'a']) {
    const text = character.repeat(5000);
    const worst: CallEntry = {
      rpc: 'UpdatePodSandboxResources',
      startedAtMs: -1.2345678901234567e-100,
      durationNs: Number.MAX_SAFE_INTEGER,
      request: { text },
      response: { text },
      error: { code: 'FailedPrecondition', message: text },
    };
    const fitted = fit([worst, worst, worst, worst], 4096);
    assert.ok(bytesOf(fitted) <= 4096, `${bytesOf(fitted).toString()} with ${JSON.stringify(character)}`);
    assert.ok('rpc' in (fitted[0] ?? {}) && 'rpc' in (fitted.at(-1) ?? {}));
  }
});
