import tseslint from 'typescript-eslint';

/**
 * The house's one direction of imports. Each row: a folder, the folders of ours it may import (itself is understood), the
 * packages and node modules that are its business, and why. What a row does not name is refused.
 */
const rooms = [
  {
    at: 'src/model',
    may: [],
    packages: ['zod', 'picomatch', 'fastest-levenshtein'],
    why: 'the words of the field: pure, and readable by every other room',
  },
  {
    at: 'src/cri',
    may: ['src/model'],
    packages: ['@grpc/grpc-js', '@bufbuild/protobuf'],
    why: 'the only room that knows gRPC and protobuf',
  },
  {
    at: 'src/streaming',
    may: ['src/model', 'src/cri'],
    packages: ['ws'],
    why: 'exec, attach and port-forward speak WebSocket, nobody else does',
  },
  {
    at: 'src/kit',
    may: ['src/model', 'src/cri', 'src/streaming'],
    packages: ['zod', 'semver'],
    why: 'what suites are written with: no engine, no report',
  },
  {
    at: 'suites/conformance',
    may: ['src/model', 'src/cri', 'src/streaming', 'src/kit'],
    packages: ['mocha'],
    why: 'asks; it neither judges nor tells',
  },
  {
    at: 'suites/benchmark',
    may: ['src/model', 'src/cri', 'src/streaming', 'src/kit'],
    packages: [],
    why: 'says what is measured; src/benchmark measures',
  },
  {
    at: 'src/statistics',
    may: ['src/model'],
    packages: ['hdr-histogram-js'],
    why: 'pure arithmetic, checked against published examples; reads the histograms of a result',
  },
  {
    at: 'src/judge',
    may: ['src/model', 'src/statistics'],
    packages: ['zod', 'yaml', 'semver'],
    why: 'pure: an outcome and an expectation give a verdict, wherever they come from',
  },
  {
    at: 'src/compare',
    may: ['src/model', 'src/statistics', 'src/judge'],
    packages: [],
    why: 'pure: works from result files alone',
  },
  {
    at: 'reports',
    may: ['src/model', 'src/statistics', 'src/judge', 'src/compare'],
    packages: ['preact', 'preact-render-to-string', 'vega', 'zod', 'fast-xml-builder', 'yaml', 'hdr-histogram-js'],
    without: ['node:fs'],
    why: 'a result in, a string out: a report can be made of a file that came from another machine',
  },
  {
    at: 'src/conformance',
    may: ['src/model', 'src/cri', 'src/kit'],
    packages: ['mocha', 'zod'],
    why: 'runs suites with mocha; loads them by path, never by import',
  },
  {
    at: 'src/benchmark',
    may: ['src/model', 'src/cri', 'src/kit', 'src/statistics'],
    packages: ['tinybench', 'hdr-histogram-js'],
    why: 'drives workloads and records latencies; loads suites by path',
  },
  {
    at: 'src/benchmark/harness',
    may: ['src/model', 'src/cri', 'src/kit', 'src/statistics', 'src/benchmark', 'src/lab', 'src/simulator'],
    packages: [],
    why: 'a program of its own that compares transports on a runtime it may start itself, and times the pacer on the simulator',
  },
  {
    at: 'src/simulator',
    may: ['src/model', 'src/cri', 'src/kit'],
    packages: ['zod', 'ws', 'tar-stream'],
    why: 'a CRI server in memory',
  },
  {
    at: 'src/lab',
    may: ['src/model', 'src/cri', 'src/kit'],
    packages: ['zod', 'tar-stream', 'yaml', 'semver'],
    why: 'private runtimes, fixture images and their registry',
  },
  {
    at: 'src/faults',
    may: ['src/model', 'src/cri', 'src/kit', 'src/simulator'],
    packages: [],
    why: 'handlers in, handlers with one promise broken out',
  },
  {
    at: 'src/cli',
    may: ['src', 'reports'],
    packages: ['yargs', 'yaml', 'zod', 'cli-progress'],
    why: 'puts the rooms together; the only one that writes files for the user',
  },
];

const testing = [
  'node:test',
  'fast-check',
  'ajv',
  'playwright-core',
  'axe-core',
  '@grpc/grpc-js',
  'yaml',
  'zod',
  'tar-stream',
  'hdr-histogram-js',
  'fast-xml-parser',
];
const everyRoom = rooms.map((room) => room.at);

/** The rule for one room: a regular expression over import specifiers for our folders, one for packages. */
function importsOf(room, { test }) {
  const allowed = [room.at, ...room.may];
  const forbidden = everyRoom.filter((at) => !allowed.some((may) => at === may || at.startsWith(`${may}/`)));
  const segments = forbidden.map((at) => at.replace(/^src\//, '').replace(/\//g, '\\/'));
  const packages = [...room.packages, ...(test ? testing : [])].map((name) => name.replace(/[/.]/g, '\\$&'));
  const nodeFs = room.without?.includes('node:fs') && !test ? '|node:fs' : '';
  return {
    patterns: [
      {
        regex: `^(?:\\.\\.?\\/)+(?:src\\/)?(?:${segments.join('|')})\\/`,
        message: `${room.at}: ${room.why}. The table in eslint.config.js says what it may import.`,
      },
      {
        regex: `^(?!\\.|node:|(?:${packages.join('|') || '-'})(?:\\/|$))${nodeFs}`,
        message: `${room.at}: ${room.why}. This package is another room's business.`,
      },
      ...(test
        ? []
        : [
            {
              regex: '\\.test\\.tsx?$|[./]testing\\.ts$',
              message: 'only tests import tests and what they have in common.',
            },
          ]),
    ],
  };
}

/** With what tests have in common, which is `testing.ts` or `X.testing.ts`: neither is built into what users run. */
const tests = (at) => [`${at}/**/*.test.ts`, `${at}/**/*.test.tsx`, `${at}/**/testing.ts`, `${at}/**/*.testing.ts`];

export default tseslint.config(
  { ignores: ['dist/', 'node_modules/', 'reports/out/', 'src/cri/gen/', 'coverage/'] },
  {
    files: ['**/*.ts', '**/*.tsx'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/consistent-type-imports': 'error',
      // A method of ours that is handed on is a defect; the assertion functions of node:assert and test doubles are not.
      'no-restricted-syntax': ['error', { selector: 'ExportDefaultDeclaration', message: 'exports have names.' }],
    },
  },
  {
    // node:test's test() and describe() return promises that nobody needs to await.
    files: ['**/*.test.ts', '**/*.test.tsx'],
    rules: {
      '@typescript-eslint/no-floating-promises': [
        'error',
        {
          allowForKnownSafeCalls: [
            { from: 'package', name: ['test', 'describe', 'it', 'suite'], package: 'node:test' },
          ],
        },
      ],
    },
  },
  ...rooms.map((room) => ({
    files: [`${room.at}/**/*.ts`, `${room.at}/**/*.tsx`],
    ignores: tests(room.at),
    rules: { '@typescript-eslint/no-restricted-imports': ['error', importsOf(room, { test: false })] },
  })),
  ...rooms.map((room) => ({
    files: tests(room.at),
    rules: {
      '@typescript-eslint/no-restricted-imports': [
        'error',
        importsOf({ ...room, may: ['src', 'suites', 'reports'] }, { test: true }),
      ],
    },
  })),
);
