import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { z } from 'zod';
import { mutationSchema } from '../../model/mutation.ts';
import type { Mutation } from '../../model/mutation.ts';
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

async function mutation(...args: readonly string[]): Promise<Mutation> {
  const program = join(projectFolder(), 'dist', 'src', 'main.js');
  // It exits with 1 when something is not proven; what, is in the matrix.
  const { stdout } = await promisify(execFile)(process.execPath, [program, 'mutation', '--quiet', '--json', ...args], {
    maxBuffer: 2 ** 26,
  }).catch((error: unknown) => z.object({ stdout: z.string() }).parse(error));
  return mutationSchema.parse(JSON.parse(stdout));
}

test('a sample of faults before real containerd and the simulator: each fails the case that it was written for', async (t) => {
  const seed = seedOfCommit();
  t.diagnostic(`crible mutation --sample ${String(sample)} --seed ${String(seed)}`);
  const { pairs } = await mutation('--sample', String(sample), '--seed', String(seed));
  assert.equal(pairs.length, sample);
  // On a busy machine a case may run out of its time before it gets to the question: those are asked again by themselves.
  for (const { fault, caseId, state } of pairs) {
    if (state === 'killed') continue;
    const again = await mutation('--fault', fault, '--select', caseId);
    assert.deepEqual(
      again.pairs.filter((pair) => pair.state !== 'killed'),
      [],
      `${caseId} behind ${fault}, at first ${state}`,
    );
  }
});
