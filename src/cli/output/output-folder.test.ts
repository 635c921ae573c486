import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { foldResult } from '../../judge/fold.ts';
import { runFinished, runStarted } from '../../judge/judge-samples.ts';
import { UsageError } from '../../model/error.ts';
import { OutputFolder } from './output-folder.ts';
import { writeReports } from './reports.ts';

function temporary(): string {
  return mkdtempSync(join(tmpdir(), 'crible-out-'));
}

test('every file is there once the folder is open', () => {
  const folder = OutputFolder.open(join(temporary(), 'a', 'b'), ['result.json']);
  assert.ok(existsSync(folder.fileOf('result.json')));
  folder.write('result.json', '{}');
  assert.equal(readFileSync(folder.fileOf('result.json'), 'utf8'), '{}');
});

test('a folder that cannot be written to is the user’s to change', () => {
  const file = join(temporary(), 'file');
  writeFileSync(file, '');
  assert.throws(() => OutputFolder.open(join(file, 'out'), ['result.json']), UsageError);
});

test(
  'a file system that refuses folders with ENOENT is refused, not tried for ever',
  { skip: process.platform !== 'linux' && 'needs /proc' },
  () => {
    assert.throws(() => OutputFolder.open('/proc/nope/out', ['result.json']), UsageError);
  },
);

test('latest points to the newest folder, and is left alone when it is something else', () => {
  const parent = temporary();
  for (const name of ['one', 'two']) OutputFolder.open(join(parent, name), []).becomeLatest();
  assert.equal(readlinkSync(join(parent, 'latest')), 'two');
  const other = temporary();
  OutputFolder.open(join(other, 'latest'), []);
  OutputFolder.open(join(other, 'run'), []).becomeLatest();
  assert.throws(() => readlinkSync(join(other, 'latest')));
});

test('a report that cannot be made keeps no other from being made', async () => {
  const folder = OutputFolder.open(temporary(), ['bad.txt', 'good.txt']);
  const result = foldResult([runStarted, runFinished()], []);
  const { written, problems } = await writeReports(result, folder, [
    { fileName: 'bad.txt', description: '', render: () => Promise.resolve(() => Promise.reject(new Error('no ink'))) },
    { fileName: 'good.txt', description: '', render: () => Promise.resolve(({ run }) => run.id) },
  ]);
  assert.deepEqual(problems, ['bad.txt could not be written: no ink']);
  assert.deepEqual(written, ['good.txt']);
  assert.ok(!existsSync(folder.fileOf('bad.txt')));
  assert.equal(readFileSync(folder.fileOf('good.txt'), 'utf8'), result.run.id);
});
