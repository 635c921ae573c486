/** How far one hypothesis came in Holm's procedure. */
export interface Step {
  readonly rejected: boolean;
  /** The level at which it was rejected, or at which it withstood. */
  readonly level: number;
}

/**
 * Holm's step-down procedure: of all hypotheses, whatever binds them together, a true one is rejected with at most this
 * probability (S. Holm, A simple sequentially rejective multiple test procedure, Scandinavian Journal of Statistics 6, 1979).
 * With k of m rejected the next one is asked at level / (m - k); the first that withstands ends it.
 *
 * Asked as a question instead of by p-values, so that what is asked can be whether an interval of that level lies wholly
 * beyond a threshold. Such a question must not turn from yes to no as the level grows.
 */
export function holm<T>(
  hypotheses: readonly T[],
  level: number,
  rejects: (hypothesis: T, level: number) => boolean,
): readonly Step[] {
  const rejectedAt = new Map<number, number>();
  for (;;) {
    const stepLevel = level / Math.max(1, hypotheses.length - rejectedAt.size);
    const before = rejectedAt.size;
    // All that are rejected at this level would be, one after the other, at the greater levels that follow.
    for (const [index, hypothesis] of hypotheses.entries()) {
      if (!rejectedAt.has(index) && rejects(hypothesis, stepLevel)) rejectedAt.set(index, stepLevel);
    }
    if (rejectedAt.size === before || rejectedAt.size === hypotheses.length) {
      return hypotheses.map((_, index) => ({
        rejected: rejectedAt.has(index),
        level: rejectedAt.get(index) ?? stepLevel,
      }));
    }
  }
}
