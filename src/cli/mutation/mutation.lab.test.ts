import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { mutationSchema } from '../../model/mutation.ts';
import { projectFolder } from '../project.ts';

/** About a minute's worth on two cores. */
const sample = 60;

/** Another sample for each commit, and the same one for the same commit. */
function seedOfCommit(): number {
  try {
    return parseInt(
      execFileSync('git', ['rev-parse', 'HEAD'], { cwd: projectFolder(), encoding: 'utf8' }).slice(0, 7),
      16,
    );
  } catch {
    return 1;
  }
}

test('a sample of faults before real containerd and the simulator: each fails the case that it was written for', async (t) => {
  const seed = seedOfCommit();
  t.diagnostic(`crible mutation --sample ${String(sample)} --seed ${String(seed)}`);
  const program = join(projectFolder(), 'dist', 'src', 'main.js');
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [program, 'mutation', '--sample', String(sample), '--seed', String(seed), '--quiet', '--json'],
    { maxBuffer: 2 ** 26 },
  );
  const { pairs } = mutationSchema.parse(JSON.parse(stdout));
  assert.equal(pairs.length, sample);
  assert.deepEqual(
    pairs.filter(({ state }) => state !== 'killed'),
    [],
  );
});
