import type { TargetContext } from '../kit/target-context.ts';
import type { Workload } from '../kit/workload.ts';
import type { EventListener } from '../model/event.ts';
import type { Profile } from '../model/result.ts';
import type { Load } from '../model/workload.ts';
import { loadsOf, type RoundSize } from './loads.ts';
import { Participant } from './participant.ts';
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
  /** Rounds are added until every target is compared with the first one so precisely. */
  readonly precision?: Precision;
  /** Names of targets that disruptive workloads are not for. */
  readonly spared?: readonly string[];
  /** Drops the machine's page cache before each visit. */
  readonly dropCaches?: boolean;
  /** Decides the order in which rounds visit the targets, and what is random in a load. */
  readonly seed: number;
  /** Ends the run early; rounds that were done count, and what was made is removed within 5 s. */
  readonly signal: AbortSignal;
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
  const interruption = interruptionBy(signal);
  const gone = new Map<string, string>();
  const settling = new Settling(settleMs);
  for (const workload of workloads) {
    const participants = options.targets.map((target) => new Participant(workload, target, interruption));
    const course: Course = { workload, participants, gone, settling, toldOfFewSamples: new Set() };
    for (const load of loadsOf(workload, options.loads, profile)) await new Rounds(options, course, load).run();
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
export interface Course {
  readonly workload: Workload;
  readonly participants: readonly Participant[];
  /** What the last visit to a target found wrong with it; cleared by one that found it alive. */
  readonly gone: Map<string, string>;
  readonly settling: Settling;
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
