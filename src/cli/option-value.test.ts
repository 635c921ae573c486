import assert from 'node:assert/strict';
import { test } from 'node:test';
import { once, wholeNumber } from './option-value.ts';

test('a value is read once, and what is wrong with it is told with the option', () => {
  const rounds = wholeNumber('rounds', 1);
  assert.equal(rounds('20'), 20);
  for (const wrong of ['0', '-1', '1.5', 'many', '1e3', '99999999999999999999']) {
    assert.throws(() => rounds(wrong), { message: `--rounds: '${wrong}' is not a whole number from 1 on` });
  }
  assert.throws(() => rounds(['1', '2']), { message: '--rounds is given more than once' });
  assert.throws(() => once('out', (text) => text)(' '), { message: '--out is empty' });
});
