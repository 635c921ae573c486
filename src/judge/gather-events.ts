import type { Comparison, Gate } from '../model/comparison.ts';
import { UsageError } from '../model/error.ts';
import type { RunEvent } from '../model/event.ts';
import type { Observation } from '../model/observation.ts';
import type { Target } from '../model/target.ts';
import type { Warning } from '../model/warning.ts';
import { loadLabel } from '../model/workload.ts';
import type { Round, WorkloadResult } from '../model/workload.ts';

type EventOf<T extends RunEvent['type']> = Extract<RunEvent, { readonly type: T }>;
export type Plan = Omit<EventOf<'planned'>, 'type'>;

/** The events of a run by what they are about; of several about one thing the last counts. */
export interface Gathered {
  readonly started: EventOf<'run-started'>;
  readonly plan: Plan;
  readonly ended: EventOf<'run-finished'> | undefined;
  readonly targets: ReadonlyMap<string, Target>;
  /** Problems of targets that were lost on the way, by name. */
  readonly lost: ReadonlyMap<string, string>;
  /** By `target caseId`. */
  readonly cases: ReadonlyMap<string, EventOf<'case-finished'>>;
  /** Cases that were begun, by `target caseId`. */
  readonly underWay: ReadonlySet<string>;
  readonly observations: ReadonlyMap<string, Observation>;
  /** By `target workload load`. */
  readonly workloads: ReadonlyMap<string, WorkloadResult>;
  /** Rounds by index, by `target workload load`. */
  readonly rounds: ReadonlyMap<string, ReadonlyMap<number, Round | null>>;
  readonly comparisons: Comparison[];
  readonly gates: Gate[];
  readonly warnings: readonly Warning[];
}

const nothingPlanned: Plan = { targets: [], cases: [], observationKeys: [], workloads: [], rounds: 0 };

/** @throws UsageError when no event says that a run started */
export function gatherEvents(events: Iterable<RunEvent>): Gathered {
  let started: EventOf<'run-started'> | undefined;
  let ended: EventOf<'run-finished'> | undefined;
  let plan = nothingPlanned;
  const targets = new Map<string, Target>();
  const lost = new Map<string, string>();
  const cases = new Map<string, EventOf<'case-finished'>>();
  const underWay = new Set<string>();
  const observations = new Map<string, Observation>();
  const workloads = new Map<string, WorkloadResult>();
  const rounds = new Map<string, Map<number, Round | null>>();
  const comparisons: Comparison[] = [];
  const gates: Gate[] = [];
  const warnings: Warning[] = [];

  for (const event of events) {
    switch (event.type) {
      case 'run-started':
        started = event;
        break;
      case 'target-probed':
        targets.set(event.target.name, event.target);
        break;
      case 'planned':
        plan = event;
        break;
      case 'case-started':
        underWay.add(`${event.target} ${event.caseId}`);
        break;
      case 'case-finished':
        cases.set(`${event.target} ${event.caseId}`, event);
        break;
      case 'observed': {
        const { target, key, caseId } = event.observation;
        observations.set(`${target} ${key} ${caseId}`, event.observation);
        break;
      }
      case 'round-started':
        break;
      case 'round-finished': {
        const key = `${event.target} ${event.workload} ${loadLabel(event.load)}`;
        const known = rounds.get(key) ?? new Map<number, Round | null>();
        rounds.set(key, known.set(event.index, event.round));
        break;
      }
      case 'workload-finished': {
        const { target, id, load } = event.result;
        workloads.set(`${target} ${id} ${loadLabel(load)}`, event.result);
        break;
      }
      case 'compared':
        comparisons.push(...event.comparisons);
        gates.push(...event.gates);
        break;
      case 'target-lost':
        lost.set(event.target, event.problem);
        break;
      case 'warned':
        warnings.push(event.warning);
        break;
      case 'run-finished':
        ended = event;
        break;
    }
  }
  if (!started) throw new UsageError('these events do not say that a run started', 'give the journal.ndjson of a run');
  return {
    started,
    plan,
    ended,
    targets,
    lost,
    cases,
    underWay,
    observations,
    workloads,
    rounds,
    comparisons,
    gates,
    warnings,
  };
}
