import { availableParallelism } from 'node:os';
import type { Profile } from '../../model/result.ts';

/** How much is measured. */
export interface Effort {
  readonly rounds: number;
  readonly iterationsPerRound: number;
  readonly concurrency: readonly number[];
}

/**
 * quick shows that everything works and gives a first figure; standard is what a paired comparison needs (20 rounds find a
 * difference of 10 % under 10 % drift 96 times of 100); full also loads the runtime.
 */
export const effortOf: Readonly<Record<Profile, Effort>> = {
  quick: { rounds: 5, iterationsPerRound: 5, concurrency: [1] },
  standard: { rounds: 20, iterationsPerRound: 10, concurrency: [1] },
  full: { rounds: 40, iterationsPerRound: 10, concurrency: [1, 4, 16] },
};

/** Cases wait for the runtime most of the time, so a few workers share a CPU well; more only make time-outs likelier. */
export function usualShards(): number {
  return Math.min(4, availableParallelism());
}
