import assert from 'node:assert/strict';
import { it } from 'node:test';
import { loadingArguments, programBeside } from './own-program.ts';

it('hands on how modules are loaded, and nothing that would run again', () => {
  const ours = ['--import', 'tsx', '--test', '--enable-source-maps', '-e', 'boom()', '--require=x.cjs', '--inspect'];
  assert.deepEqual(loadingArguments(ours), ['--import', 'tsx', '--enable-source-maps', '--require=x.cjs']);
});

it('finds a program beside the module that starts it, compiled like that one', () => {
  assert.equal(programBeside('file:///a/b/start.ts', 'worker'), '/a/b/worker.ts');
  assert.equal(programBeside('file:///a/b/start.js', 'worker'), '/a/b/worker.js');
});
