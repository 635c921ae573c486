import type { TargetContext } from '../../kit/target-context.ts';
import type { Cost } from '../../model/cost.ts';
import { costBetween } from './cost-between.ts';
import { watchEventLoop } from './event-loop-lag.ts';
import { findSubjects, readAtEnd, readAtStart } from './reading.ts';
import type { MeteredTarget } from './runtime-processes.ts';

export interface MeterOptions {
  /**
   * Whether containers do work of their own. Where they are idle, all that happens in their cgroups is the runtime's work:
   * starting, executing, stopping. Where they work, what the lasting ones use is the workload's.
   */
  readonly containers: 'idle' | 'working';
}

/** Measures what a target costs between its start and its stop. */
export interface CostMeter {
  /** Takes all readings at once, and tells their difference a moment later. */
  readonly stop: () => Promise<Cost>;
}

/**
 * Starts measuring. It reads the kernel's files before and after and watches the event loop meanwhile; both ends take some
 * milliseconds and belong outside of what is timed. What this machine does not tell is null in the cost, never an error.
 */
export async function startMeter(
  target: MeteredTarget & Pick<TargetContext, 'images'>,
  { containers }: MeterOptions,
): Promise<CostMeter> {
  const subjects = findSubjects(target, containers === 'working');
  const eventLoop = await watchEventLoop();
  const start = readAtStart(subjects);
  return {
    stop: async () => {
      const end = readAtEnd(subjects);
      return costBetween(start, end, subjects, await eventLoop.stop());
    },
  };
}
