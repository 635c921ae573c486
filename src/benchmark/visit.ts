import type { RoundContext, Workload } from '../kit/workload.ts';
import { messageOf } from '../model/error.ts';
import type { Round } from '../model/workload.ts';
import { Clocks } from './clocks.ts';
import { startMeter, type CostMeter } from './cost/meter.ts';
import { driveLoad } from './drive-load.ts';
import { Lap, namesOf, type Drive } from './lap.ts';
import { lives, wasUnanswered } from './lives.ts';
import { Measures } from './measures.ts';
import { countIn, workloadError, type WorkloadError } from './recorder.ts';
import type { Scope } from './scope.ts';

/** What came of one round's visit to one target. */
export type Visit =
  | {
      readonly kind: 'measured';
      readonly round: Omit<Round, 'index' | 'order'>;
      readonly errors: readonly WorkloadError[];
      /** Of an open load: ends a second from the first to the last one. */
      readonly endedPerSecond: number | null;
    }
  /** The runtime died, hung or could not be reached: what was measured until then is worth nothing. */
  | { readonly kind: 'lost'; readonly problem: string }
  /** What the round begins with failed on a runtime that lives; another round may do better. */
  | { readonly kind: 'unbegun'; readonly error: unknown }
  | { readonly kind: 'interrupted' }
  /** The workload cannot be prepared on this target, which is alive: no other round will do better. */
  | { readonly kind: 'unprepared'; readonly error: unknown };

/** Iterates a workload on one target, warm-up first, and tells what was measured. */
export async function measure(workload: Workload, scope: Scope, drive: Drive): Promise<Visit> {
  const { declaration } = workload;
  const { context, runtimeGone, noMore } = scope;
  const shared = { ...context, load: drive.load };
  const begun = new Measures(namesOf(declaration.measures));
  try {
    await workload.beginRound?.(reportingTo(shared, begun));
  } catch (error) {
    return (await endedBy(error, scope)) ?? { kind: 'unbegun', error };
  }

  const clocks = new Clocks(shared);
  const containers = workload.containersWork === true ? 'working' : 'idle';
  let lap = new Lap(declaration, drive, begun);
  const seen: Seen = { endedPerSecond: null };
  await driveLoad(drive, noMore, {
    iterate: async (lagNs) => {
      const of = lap;
      try {
        await workload.iterate(clocks.of({ recorder: of.recorder, measure: of.measures.report, lagNs }));
        of.completed();
      } catch (error) {
        if (context.signal.aborted) return;
        of.recorder.brokeOff(error);
        if (wasUnanswered(error) && !(await lives(context.cri))) runtimeGone.abort(error);
      }
    },
    measuring: async () => {
      seen.meter = await startMeter(context.target, { containers });
      lap = new Lap(declaration, drive, begun);
    },
    measured: async (starts) => {
      lap.stop();
      const cost = await seen.meter?.stop();
      seen.measured = { ...lap.told(starts), ...(cost && { cost }) };
      seen.endedPerSecond = starts?.endedPerSecond ?? null;
    },
  });

  if (runtimeGone.signal.aborted) return { kind: 'lost', problem: messageOf(runtimeGone.signal.reason) };
  if (noMore.aborted) return { kind: 'interrupted' };
  const { measured, endedPerSecond } = seen;
  if (measured === undefined) throw new Error(`${declaration.id} ended without having been measured`);
  const errors = [...lap.recorder.errors];
  try {
    await workload.endRound?.(reportingTo(shared, lap.measures));
  } catch (error) {
    const ended = await endedBy(error, scope);
    if (ended !== undefined) return ended;
    countIn(errors, workloadError('endRound', error));
  }
  const round = { ...measured, measures: lap.measures.figures };
  return { kind: 'measured', round, errors, endedPerSecond };
}

/** What comes to light while the load is driven. */
interface Seen {
  meter?: CostMeter;
  measured?: Omit<Round, 'index' | 'order' | 'measures'>;
  endedPerSecond: number | null;
}

/** What a failure before or after the iterations means for the visit; nothing when the runtime lives and work may go on. */
async function endedBy(error: unknown, { context, noMore }: Scope): Promise<Visit | undefined> {
  if (noMore.aborted) return { kind: 'interrupted' };
  return (await lives(context.cri)) ? undefined : { kind: 'lost', problem: messageOf(error) };
}

function reportingTo(shared: Omit<RoundContext, 'measure'>, measures: Measures): RoundContext {
  return { ...shared, measure: measures.report };
}
