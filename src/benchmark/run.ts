import { setTimeout as pause } from 'node:timers/promises';
import { hasFeature, type TargetContext } from '../kit/target-context.ts';
import type { Workload } from '../kit/workload.ts';
import type { EventListener } from '../model/event.ts';
import type { Load } from '../model/workload.ts';
import { balancedOrders } from './order.ts';
import { Participant, type Interruption } from './participant.ts';
import { resultOf, roundOf, warningsOf, type Series } from './series.ts';
import type { Drive, Visit } from './visit.ts';

export interface BenchmarkOptions {
  readonly targets: readonly TargetContext[];
  readonly workloads: readonly Workload[];
  /** Closed loads, each as so many iterations in flight. */
  readonly concurrency: readonly number[];
  /** Rounds that count; a warm-up round comes before them. */
  readonly rounds: number;
  /** Iterations of one workload on one target in one round; more where so many in flight want more. */
  readonly iterationsPerRound: number;
  /** Decides the order in which rounds visit the targets. */
  readonly seed: number;
  /** Ends the run early; rounds that were done count, and what was made is removed within 5 s. */
  readonly signal: AbortSignal;
  readonly emit: EventListener;
  /** Pause before each visit, in ms; 200 unless given. */
  readonly settleMs?: number;
}

/** A runtime goes on working for a moment after it has answered: shims end, cgroups and mounts go, memory is given back. */
const usualSettleMs = 200;
/** So many iterations for each in flight; with fewer, most of a round would be its beginning and its end, when fewer are in flight. */
const leastPerPlace = 3;
/** So long after an interruption calls in flight are cancelled: most iterations are through by then, and leave nothing. */
const callsOverMs = 1_000;
/** After an interruption everything must be gone within the 5 s that the command line promises. */
const removalOverMs = 4_000;

/**
 * Measures every workload under every load on every target that offers what it needs. Rounds visit all targets, in balanced
 * random order, before the next round begins, so that what disturbs the machine disturbs all of them.
 * Failures, lost rounds and interruptions are told in results and warnings.
 */
export async function runBenchmarks(options: BenchmarkOptions): Promise<void> {
  const { workloads, concurrency, signal, emit } = options;
  const interruption = interruptionBy(signal);
  /** What the last visit to a target found wrong with it; cleared by one that found it alive. */
  const gone = new Map<string, string>();
  for (const workload of workloads) {
    const participants = options.targets.map((target) => new Participant(workload, target, interruption));
    const course: Course = { workload, participants, gone, toldOfFewSamples: new Set() };
    for (const inFlight of concurrency) await runLoad(options, course, inFlight);
    for (const participant of participants) {
      const subject = workload.declaration.id;
      for (const message of await participant.leave()) {
        emit({ type: 'warned', warning: { kind: 'left-behind', message, target: participant.target.name, subject } });
      }
    }
  }
  for (const [target, problem] of gone) emit({ type: 'target-lost', target, problem });
}

/** One workload's way through its loads. */
interface Course {
  readonly workload: Workload;
  readonly participants: readonly Participant[];
  readonly gone: Map<string, string>;
  /** Targets; once is enough, for the number of samples is much the same under every load. */
  readonly toldOfFewSamples: Set<string>;
}

function interruptionBy(requested: AbortSignal): Interruption {
  const callsOver = new AbortController();
  const removalOver = new AbortController();
  const abortLater = (): void => {
    for (const [over, ms] of [[callsOver, callsOverMs] as const, [removalOver, removalOverMs] as const]) {
      setTimeout(() => {
        over.abort();
      }, ms).unref();
    }
  };
  if (requested.aborted) abortLater();
  else requested.addEventListener('abort', abortLater, { once: true });
  return { requested, callsOver: callsOver.signal, removalOver: removalOver.signal };
}

/** All rounds of one workload under one load. */
async function runLoad(
  options: BenchmarkOptions,
  { workload: { declaration }, participants, gone, toldOfFewSamples }: Course,
  concurrency: number,
): Promise<void> {
  const { rounds, seed, signal, emit } = options;
  const load: Load = { model: 'closed', concurrency };
  const drive: Drive = {
    concurrency,
    iterations: Math.max(options.iterationsPerRound, concurrency * leastPerPlace),
  };
  const missingOf = ({ target }: Participant): readonly string[] =>
    declaration.needs.filter((need) => !hasFeature(target, need));
  const fit = participants.filter((participant) => missingOf(participant).length === 0);
  const visits = new Map(participants.map((participant) => [participant, new Array<Series['visits'][number]>()]));
  const unprepared = new Set<Participant>();

  const visit = async (participant: Participant): Promise<Visit> => {
    await settle(options);
    const result = await participant.visit(drive);
    if (result.kind === 'unprepared') unprepared.add(participant);
    if (result.kind === 'lost') gone.set(participant.target.name, result.problem);
    else if (result.kind !== 'interrupted') gone.delete(participant.target.name);
    return result;
  };

  for (const participant of fit) {
    if (signal.aborted) break;
    const warmUp = await visit(participant);
    if (warmUp.kind === 'unprepared') visits.get(participant)?.push({ visit: warmUp, index: 0, order: 0 });
  }
  for (const [index, round] of balancedOrders(fit, rounds, seed).entries()) {
    for (const [order, participant] of round.entries()) {
      if (signal.aborted || unprepared.has(participant)) continue;
      const key = { workload: declaration.id, target: participant.target.name, load };
      emit({ type: 'round-started', index, ...key });
      const done = { visit: await visit(participant), index, order };
      visits.get(participant)?.push(done);
      emit({ type: 'round-finished', index, ...key, round: roundOf(done) });
    }
  }
  for (const [participant, done] of visits) {
    const { name } = participant.target;
    const missing = missingOf(participant);
    const series = { declaration, target: name, load, plannedRounds: rounds, missing, visits: done };
    const result = resultOf(series);
    emit({ type: 'workload-finished', result });
    for (const warning of warningsOf(series, result)) {
      if (warning.kind === 'too-few-samples') {
        if (toldOfFewSamples.has(name)) continue;
        toldOfFewSamples.add(name);
      }
      emit({ type: 'warned', warning });
    }
  }
}

async function settle({ settleMs = usualSettleMs, signal }: BenchmarkOptions): Promise<void> {
  await pause(settleMs, undefined, { signal }).catch(() => undefined);
}
