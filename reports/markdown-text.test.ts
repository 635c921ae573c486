import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { markdownTable, markdownText } from './markdown-text.ts';

test('takes the meaning from every character that Markdown gives one', () => {
  assert.equal(markdownText('a | b'), 'a \\| b');
  assert.equal(markdownText('`x` *y* _z_ ~~s~~'), '\\`x\\` \\*y\\* \\_z\\_ \\~\\~s\\~\\~');
  assert.equal(markdownText('<script>&amp;'), '&lt;script&gt;&amp;amp;');
  assert.equal(
    markdownText('[a](https://example.com) www.example.com @all #1'),
    '\\[a\\](https\\://example.com) www\\.example.com \\@all \\#1',
  );
  assert.equal(markdownText('two\n\nparagraphs\r\n# title'), 'two paragraphs \\# title');
  assert.equal(markdownText('\\|'), '\\\\\\|');
});

test('keeps a table cell one cell, whatever is in it', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 600 }), (text) => {
      const cell = markdownText(text);
      const bare = cell.replaceAll(/\\\\|\\\|/g, '');
      return !bare.includes('|') && !bare.includes('\n') && !bare.includes('<') && cell.length < 1300;
    }),
  );
});

test('writes a table', () => {
  assert.equal(markdownTable(['a', 'b'], [['1', '2']]), '| a | b |\n| --- | --- |\n| 1 | 2 |');
});
