import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { effectiveUserProgram } from './effective-user.ts';

const folder = mkdtempSync(join(tmpdir(), 'crible-effective-user-'));
after(() => {
  rmSync(folder, { recursive: true });
});

test('the program ends with the effective uid', { skip: process.platform !== 'linux' }, (context) => {
  const program = effectiveUserProgram(process.arch);
  if (program === undefined) {
    context.skip(`not known for ${process.arch}`);
    return;
  }
  const path = join(folder, 'effective-user');
  writeFileSync(path, program, { mode: 0o755 });
  assert.equal(spawnSync(path).status, (process.geteuid?.() ?? 0) & 0xff);
});

test('where root may start it as another user, it tells that one', { skip: process.geteuid?.() !== 0 }, (context) => {
  const program = effectiveUserProgram(process.arch);
  if (program === undefined) {
    context.skip(`not known for ${process.arch}`);
    return;
  }
  const place = mkdtempSync('/tmp/crible-effective-user-');
  const path = join(place, 'effective-user');
  writeFileSync(path, program, { mode: 0o755 });
  spawnSync('chmod', ['755', place]);
  const { status } = spawnSync(path, { uid: 200, gid: 200 });
  rmSync(place, { recursive: true });
  assert.equal(status, 200);
});

test('there is none for machines whose code is not known', () => {
  assert.equal(effectiveUserProgram('pdp11'), undefined);
});
