import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { headOf, shortened, visible } from './visible-text.ts';

test('shows what cannot be seen as its code point', () => {
  assert.equal(visible('\u001b[31mred\u001b[0m'), '‹U+001B›[31mred‹U+001B›[0m');
  assert.equal(visible('a\u202egpj.exe'), 'a‹U+202E›gpj.exe');
  assert.equal(
    visible('\u0000\r\u007f\u009b\u200b\ufeff\uffff'),
    '‹U+0000›‹U+000D›‹U+007F›‹U+009B›‹U+200B›‹U+FEFF›‹U+FFFF›',
  );
  assert.equal(visible('\ud800 \udfff'), '‹U+D800› ‹U+DFFF›');
  assert.equal(visible('\u{e0041}'), '‹U+E0041›');
});

test('leaves alone what people write', () => {
  const text = 'tabs\t, lines\n, "quotes" <b>, ünïcödé, 日本語, نص, 👩‍💻, نمی‌خواهم';
  assert.equal(visible(text), text);
});

test('leaves nothing that XML forbids, whatever comes in', () => {
  const legalXml = /^[\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]*$/u;
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => legalXml.test(visible(text))));
  fc.assert(fc.property(fc.array(fc.nat(0xffff)), (units) => legalXml.test(visible(String.fromCharCode(...units)))));
});

test('shortens between characters and says how much is missing', () => {
  assert.equal(shortened('abc', 3), 'abc');
  assert.equal(shortened('abcdef', 3), 'abc… (3 more characters in result.json)');
  assert.equal(headOf('ab👩', 3), 'ab');
  assert.equal(headOf('ab👩', 4), 'ab👩');
});
