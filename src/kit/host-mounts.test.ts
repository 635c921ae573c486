import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { runFolder } from './home.ts';
import { HostMounts, unmountBelow } from './host-mounts.ts';
import { removeHostTraces } from './sweep.ts';

const skip = process.getuid?.() === 0 ? false : 'mounting takes root';

function temporaryFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'crible mounts \\ '));
  t.after(() => {
    assert.deepEqual(unmountBelow(folder), []);
    rmSync(folder, { recursive: true });
  });
  return folder;
}

test('what is mounted below a folder is listed in its order, and unmounted again', { skip }, async (t) => {
  const folder = temporaryFolder(t);
  const mounts = new HostMounts(process.pid, folder);
  await mounts.share(folder);
  mkdirSync(join(folder, 'inner'));
  await mounts.tmpfs(join(folder, 'inner'));
  assert.deepEqual(mounts.list(), [folder, join(folder, 'inner')]);
  await mounts.undo();
  assert.deepEqual(mounts.list(), []);
});

test('a mount that cannot be made is told in the words of mount(8)', { skip }, async (t) => {
  const folder = temporaryFolder(t);
  const mounts = new HostMounts(process.pid, folder);
  await assert.rejects(mounts.tmpfs(join(folder, 'absent')), /absent/);
});

test('what a run left mounted goes before its files do, and nothing of what was mounted', { skip }, async (t) => {
  const home = temporaryFolder(t);
  const before = process.env['CRIBLE_HOME'];
  process.env['CRIBLE_HOME'] = home;
  t.after(() => {
    if (before === undefined) delete process.env['CRIBLE_HOME'];
    else process.env['CRIBLE_HOME'] = before;
  });
  const volume = join(runFolder('run-of-mounts'), 'volumes', '0');
  mkdirSync(volume, { recursive: true });
  const mounts = new HostMounts(process.pid, volume);
  await mounts.tmpfs(volume);
  writeFileSync(join(volume, 'file'), '');
  assert.deepEqual(removeHostTraces('run-of-mounts').left, []);
  assert.deepEqual(mounts.list(), []);
  assert.equal(existsSync(runFolder('run-of-mounts')), false);
});
