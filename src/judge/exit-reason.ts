import type { ExitReason, Result } from '../model/result.ts';

/** What the run itself came to, beside what its result says. */
export interface RunEnding {
  readonly interrupted: boolean;
  /** crible itself failed: a bug, a report that could not be made. */
  readonly defect: boolean;
  /** Something that was asked for cannot be had, found out after the start. */
  readonly usage: boolean;
  /** A target failed in a way that its result does not show. */
  readonly target: boolean;
}

/** Why the run exits as it does: the first that applies, in the order of the command line's contract. */
export function exitReason(result: Pick<Result, 'targets' | 'cases' | 'gates'>, ending: RunEnding): ExitReason {
  if (ending.interrupted) return 'interrupted';
  if (ending.defect) return 'defect';
  if (ending.usage) return 'usage';
  if (ending.target || result.targets.some(({ state }) => state !== 'ready')) return 'target';
  if (result.cases.some(({ verdict }) => verdict === 'unexpected-failure' || verdict === 'unexpected-pass')) {
    return 'conformance';
  }
  if (result.gates.some(({ broken }) => broken)) return 'gate';
  return 'expected';
}
