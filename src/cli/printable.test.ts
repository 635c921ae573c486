import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { oneLine, printable } from './printable.ts';

test('what would steer a terminal is shown instead', () => {
  assert.equal(printable('a\u001b[2Jb\u0007'), 'a‹U+001B›[2Jb‹U+0007›');
  assert.equal(printable('one\n\ttwo'), 'one\n\ttwo');
  assert.equal(oneLine('one\n  two\tthree'), 'one two three');
  assert.equal(oneLine('abcdef', 4), 'abc…');
});

test('no control character and no turn of direction survives, and one line is one line', () => {
  const hostile = fc.string({
    unit: fc.constantFrom('\u001b', '\u009b', '\r', '\n', '\u202e', '\u2066', '\u0000', 'a', '\t', '\u2028'),
  });
  fc.assert(
    fc.property(hostile, (text) => {
      assert.doesNotMatch(oneLine(text), /[\p{Cc}\u202a-\u202e\u2066-\u2069\u2028\u2029]/u);
      assert.doesNotMatch(printable(text), /(?![\n\t])[\p{Cc}\u202a-\u202e\u2066-\u2069]/u);
    }),
  );
});
