import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import { stringify } from 'yaml';
import { UsageError } from '../model/error.ts';
import { parseExpectations } from './expectation-file.ts';
import { mayFail, mustFail } from './judge-samples.ts';

const good = `
- cases: [a/b]
  runtime: containerd
  versions: '*'
  expect: must-fail
  reason: known
  evidence: seen
`;

function refusal(text: string): string {
  try {
    parseExpectations(text, 'x.yaml');
  } catch (error) {
    assert.ok(error instanceof UsageError);
    return error.message;
  }
  throw new assert.AssertionError({ message: 'it was taken' });
}

test('a list of expectations is read', () => {
  assert.deepEqual(parseExpectations(good, 'x.yaml'), [mustFail(['a/b'])]);
  assert.deepEqual(parseExpectations('# nothing yet\n', 'x.yaml'), []);
});

test('mistakes are told with their line and entry', () => {
  assert.match(refusal(`${good}- cases: []\n  runtime: containerd\n`), /^x\.yaml:8: expectation 2: cases: /m);
  assert.match(refusal(good.replace('must-fail', 'should-fail')), /^x\.yaml:5: expectation 1: expect: /);
  assert.match(
    refusal(good.replace("'*'", "'until 2'")),
    /^x\.yaml:4: expectation 1: versions: 'until 2' is not a range/,
  );
  assert.match(refusal(good.replace('  reason: known\n', '')), /^x\.yaml:2: expectation 1: reason: /);
  assert.match(refusal(`${good}  handler: crun\n`), /^x\.yaml:8: expectation 1: handler: there is no such key/);
  assert.match(refusal('cases: [a/b]'), /^x\.yaml:1: it is not a list/);
  assert.match(refusal(`${good}- [`), /^x\.yaml:8: /);
});

test('may-fail says when its excuse ends', () => {
  const text = `${good.replace('must-fail', 'may-fail')}  seen: { failed: 1, runs: 10 }\n  expires: `;
  assert.deepEqual(parseExpectations(`${text}'99'\n`, 'x.yaml'), [mayFail(['a/b'])]);
  assert.match(refusal(`${text}soon\n`), /^x\.yaml:9: expectation 1: expires: 'soon' is not a version/);
});

test('what is written out is read back, and any other text is refused in words', () => {
  const word = fc.stringMatching(/^[a-z]{1,8}$/);
  fc.assert(
    fc.property(fc.array(word, { minLength: 1 }), word, fc.boolean(), (cases, reason, may) => {
      const expectations = [may ? mayFail(cases, '2.0', { reason }) : mustFail(cases, { reason })];
      assert.deepEqual(parseExpectations(stringify(expectations), 'x.yaml'), expectations);
    }),
  );
  fc.assert(
    fc.property(fc.string(), (text) => {
      try {
        assert.deepEqual(parseExpectations(text, 'x.yaml'), []);
      } catch (error) {
        assert.ok(error instanceof UsageError, String(error));
      }
    }),
  );
});

test('the committed files can be read', () => {
  const folder = new URL('../../suites/expectations/', import.meta.url);
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.yaml'))) {
    assert.ok(parseExpectations(readFileSync(new URL(file, folder), 'utf8'), file).length > 0, file);
  }
});
