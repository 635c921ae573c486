import type { TargetContext } from '../kit/target-context.ts';
import type { Workload } from '../kit/workload.ts';
import type { EventListener } from '../model/event.ts';
import type { Profile } from '../model/result.ts';
import type { Load } from '../model/workload.ts';
import { loadsOf, type RoundSize } from './loads.ts';
import { Participant } from './participant.ts';
import { Populations } from './population.ts';
import type { Precision } from './precision.ts';
import { Rounds } from './rounds.ts';
import type { Interruption } from './scope.ts';
import { Settling } from './settle.ts';

export interface BenchmarkOptions extends RoundSize {
  readonly targets: readonly TargetContext[];
  readonly workloads: readonly Workload[];
  /** The loads that are asked for; a workload may make others of them. */
  readonly loads: readonly Load[];
  /** Workloads may choose their loads by it; `standard` unless given. */
  readonly profile?: Profile;
  /** Rounds that count; a warm-up round comes before them. */
  readonly rounds: number;
  /** Name of the target that the others are compared with; the first one unless given. */
  readonly base?: string;
  /** Rounds are added until every target is compared with the base so precisely. */
  readonly precision?: Precision;
  /** Names of targets that disruptive workloads are not for. */
  readonly spared?: readonly string[];
  /** Drops the machine's page cache before each visit. */
  readonly dropCaches?: boolean;
  /** Decides the order in which rounds visit the targets, and what is random in a load. */
  readonly seed: number;
  /** Ends the run early; rounds that were done count, and what was made is removed. */
  readonly signal: AbortSignal;
  /** Gives the removal 4 s from then on: somebody waits for the end. The same signal unless given. */
  readonly hurry?: AbortSignal;
  readonly emit: EventListener;
  /** How long to wait at most for the machine to settle before each visit, in ms; 2000 unless given. */
  readonly settleMs?: number;
}

const usualSettleMs = 2_000;
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
  const { workloads, signal, emit, profile = 'standard', settleMs = usualSettleMs } = options;
  const interruption = interruptionBy(signal, options.hurry ?? signal);
  const populations = new Populations(interruption);
  const shared = { gone: new Map<string, string>(), settling: new Settling(settleMs) };
  const steps = inOrder(
    workloads.map((workload) => {
      const participants = options.targets.map(
        (target) => new Participant(workload, target, interruption, populations.of(target)),
      );
      const course: Course = { workload, participants, ...shared, toldOfFewSamples: new Set() };
      return loadsOf(workload, options.loads, profile).map((load) => ({ course, load }));
    }),
  );
  const leftBehind = (target: string, messages: readonly string[], subject?: string): void => {
    for (const message of messages) {
      emit({
        type: 'warned',
        warning: { kind: 'left-behind', message, target, ...(subject !== undefined && { subject }) },
      });
    }
  };
  for (const [at, { course, load }] of steps.entries()) {
    await new Rounds(options, course, load).run();
    if (steps.slice(at + 1).some((later) => later.course === course)) continue;
    for (const participant of course.participants) {
      leftBehind(participant.target.name, await participant.leave(), course.workload.declaration.id);
    }
  }
  for (const population of populations.all) leftBehind(population.target.name, await population.remove());
  for (const [target, problem] of shared.gone) emit({ type: 'target-lost', target, problem });
}

/** A workload under one of its loads. */
interface Step {
  readonly course: Course;
  readonly load: Load;
}

/**
 * Workloads one after the other, but those that are measured beside idle pods together and at the end: first all of them
 * beside the fewest, so that pods are made once.
 */
function inOrder(workloads: readonly (readonly Step[])[]): readonly Step[] {
  const isCrowded = (steps: readonly Step[]): boolean => steps.some(({ load: { population = 0 } }) => population > 0);
  const crowded = workloads.filter(isCrowded).flat();
  return [
    ...workloads.filter((steps) => !isCrowded(steps)).flat(),
    ...crowded.toSorted((a, b) => (a.load.population ?? 0) - (b.load.population ?? 0)),
  ];
}

/** One workload's way through its loads. */
export interface Course {
  readonly workload: Workload;
  readonly participants: readonly Participant[];
  /** What the last visit to a target found wrong with it; cleared by one that found it alive. */
  readonly gone: Map<string, string>;
  readonly settling: Settling;
  /** Targets; once is enough, for the number of samples is much the same under every load. */
  readonly toldOfFewSamples: Set<string>;
}

function interruptionBy(requested: AbortSignal, hurry: AbortSignal): Interruption {
  return {
    requested,
    callsOver: sometimeAfter(requested, callsOverMs),
    removalOver: sometimeAfter(hurry, removalOverMs),
  };
}

/** Aborts so long after a signal has. */
function sometimeAfter(signal: AbortSignal, ms: number): AbortSignal {
  const later = new AbortController();
  const abortLater = (): void => {
    setTimeout(() => {
      later.abort();
    }, ms).unref();
  };
  if (signal.aborted) abortLater();
  else signal.addEventListener('abort', abortLater, { once: true });
  return later.signal;
}
