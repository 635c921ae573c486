import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { isAtLeast, isInRange, isRange, parseVersion } from './version.ts';

const releases: readonly (readonly [string, string | undefined])[] = [
  ['1.6.20~ds1', '1.6.20'],
  ['2.1.9+unknown', '2.1.9'],
  ['28.5.2+dfsg4', '28.5.2'],
  ['1.37.0-dev', '1.37.0'],
  ['v1.2', '1.2.0'],
  ['v2.0.0-rc.1', '2.0.0'],
  ['3', '3.0.0'],
  ['01.02.03', '1.2.3'],
  ['unknown', undefined],
  ['', undefined],
];

for (const [text, release] of releases) {
  test(`'${text}' names the release ${release ?? 'of nothing'}`, () => {
    assert.equal(parseVersion(text)?.version, release);
  });
}

test('a range holds for releases with what distributions append', () => {
  const range = '<1.6.35 || >=1.7.0 <1.7.21';
  for (const inside of ['1.6.20~ds1', '1.5', '1.6.34+x', '1.7.0', '1.7.20-1']) {
    assert.ok(isInRange(inside, range), inside);
  }
  for (const outside of ['1.6.35', '1.7.24~ds1', '2.1.9+unknown', 'unknown']) {
    assert.ok(!isInRange(outside, range), outside);
  }
});

test('a development build counts as the release that it becomes', () => {
  assert.ok(isInRange('1.37.0-dev', '>=1.37.0'));
  assert.ok(!isInRange('1.37.0-dev', '<1.37.0'));
});

test('only * takes a version that names no release', () => {
  assert.ok(isInRange('unknown', '*'));
  assert.ok(!isInRange('unknown', '>=0.0.0'));
});

test('a range that cannot be read is not one', () => {
  assert.ok(isRange('*'));
  assert.ok(isRange('<1.6.35 || >=1.7.0 <1.7.21'));
  assert.ok(!isRange('until 1.7'));
  assert.ok(!isRange(' '));
});

test('every version is either below a release or at least that release', () => {
  const version = fc.tuple(fc.nat(30), fc.nat(30), fc.nat(30)).map((parts) => parts.join('.'));
  const suffix = fc.constantFrom('', '~ds1', '+unknown', '-rc.1', '-dev', '+dfsg4');
  fc.assert(
    fc.property(version, suffix, version, (one, appended, other) => {
      const text = `v${one}${appended}`;
      assert.equal(isInRange(text, `>=${other}`), isAtLeast(text, other));
      assert.notEqual(isInRange(text, `>=${other}`), isInRange(text, `<${other}`));
    }),
  );
});

test('any text can be asked for its release', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      isInRange(text, '*');
    }),
  );
});
