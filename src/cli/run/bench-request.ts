import { accessSync, constants } from 'node:fs';
import { dropCachesSwitch } from '../../benchmark/drop-caches.ts';
import { UsageError } from '../../model/error.ts';
import type { TargetSpec } from '../../model/target.ts';
import type { BenchmarkRequest } from './request.ts';

/**
 * Whether what is asked of benchmarks makes sense together, and on these targets.
 * @throws UsageError when it does not
 */
export function requireFeasible(request: BenchmarkRequest, targets: readonly TargetSpec[]): void {
  const { rate, arrival, dropCaches, aa, control, targetPrecision } = request;
  if (arrival !== undefined && rate === undefined) {
    throw new UsageError(
      '--arrival says how the starts of a rate are spread, and no rate is given',
      'give one: --rate 5',
    );
  }
  const foreign = targets.find((target) => !isLab(target));
  if (dropCaches === true && foreign !== undefined) {
    throw new UsageError(
      `--drop-caches drops the page cache of the whole machine, and '${foreign.text}' is not a private lab`,
      'measure lab: targets with it, or leave it out: pulls are then measured warm, and called so',
    );
  }
  if (dropCaches === true && !isWritable(dropCachesSwitch)) {
    throw new UsageError(
      `--drop-caches writes ${dropCachesSwitch}, which is not allowed here`,
      'leave it out: pulls are then measured warm, and called so',
    );
  }
  if (aa === true) {
    const [target, second] = targets;
    if (second !== undefined || control !== undefined) {
      throw new UsageError('--aa measures one target against itself', 'name one target and no --control');
    }
    if (target?.kind !== 'lab') {
      throw new UsageError(
        `--aa starts the runtime twice, which takes a lab: target, and '${target?.text ?? ''}' is none`,
        'for the noise of one daemon alone name the socket twice: a=SOCKET b=SOCKET',
      );
    }
  }
  if (targetPrecision !== undefined && targets.length < 2 && aa !== true && control === undefined) {
    throw new UsageError('--target-precision is that of a comparison, and there is one target', 'name another one');
  }
}

/** Also one that a fault of ours stands before. */
function isLab(target: TargetSpec): boolean {
  return target.kind === 'fault' ? isLab(target.behind) : target.kind === 'lab';
}

function isWritable(path: string): boolean {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
