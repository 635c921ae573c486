import assert from 'node:assert/strict';
import { test } from 'node:test';
import { distributionSources, formatSources, parseDeb822, parseOneLine } from './apt-sources.ts';
import { isOfSeries } from './fetch-packages.ts';

const deb822 = `Types: deb deb-src
# http://snapshot.example/
URIs: http://deb.example/debian
Suites: bookworm bookworm-updates
Components: main contrib
Signed-By:
 -----BEGIN PGP PUBLIC KEY BLOCK-----
 .
 abc

Types: deb
URIs: http://deb.example/debian-security
Suites: bookworm-security
Components: main
Signed-By: /usr/share/keyrings/archive.gpg

Enabled: no
Types: deb
URIs: http://off.example
Suites: bookworm
Components: main

Types: deb-src
URIs: http://src.example
Suites: bookworm
Components: main
`;

const oneLine = `# deb http://commented.example bookworm main
deb [arch=amd64 signed-by=/k.gpg] http://deb.example/debian bookworm main contrib # comment
deb http://other.example/apt tool-bookworm main
deb-src http://deb.example/debian bookworm main
`;

test('deb822: binary sources that are enabled, with an inline key', () => {
  const sources = parseDeb822(deb822);
  assert.deepEqual(
    sources.map(({ uris }) => uris),
    ['http://deb.example/debian', 'http://deb.example/debian-security'],
  );
  assert.match(sources[0]?.options[0] ?? '', /^Signed-By: ?\n -----BEGIN[^]*\n \.\n abc$/);
  assert.deepEqual(parseDeb822(formatSources(sources)), sources, 'what is written reads the same');
});

test('one-line style: options become fields', () => {
  const [first, second, ...rest] = parseOneLine(oneLine);
  assert.deepEqual(first, {
    uris: 'http://deb.example/debian',
    suites: ['bookworm'],
    components: 'main contrib',
    options: ['Architectures: amd64', 'Signed-By: /k.gpg'],
  });
  assert.equal(second?.uris, 'http://other.example/apt');
  assert.deepEqual(rest, []);
});

test('only the distribution’s own suites are used, or another suite in their place', () => {
  const sources = [...parseOneLine(oneLine), ...parseDeb822(deb822)];
  const suites = (suite: string): readonly string[] =>
    distributionSources(sources, 'bookworm', suite).flatMap((source) => source.suites);
  assert.deepEqual(suites('bookworm'), ['bookworm', 'bookworm', 'bookworm-updates', 'bookworm-security']);
  assert.deepEqual(suites('sid'), ['sid', 'sid']);
});

test('a version belongs to a series by whole numbers', () => {
  assert.ok(isOfSeries('1.7.24~ds1-6', '1.7'));
  assert.ok(isOfSeries('2:1.7.24', '1.7.24'));
  assert.ok(!isOfSeries('1.70.1', '1.7'));
  assert.ok(!isOfSeries('1.6.20~ds1', '1.7'));
});
