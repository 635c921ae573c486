import type { CaseResult } from '../model/case.ts';
import type { RunEvent } from '../model/event.ts';
import type { Expectation } from '../model/expectation.ts';
import type { Observation } from '../model/observation.ts';
import type { Outcome } from '../model/outcome.ts';
import { schemaVersion } from '../model/result.ts';
import type { Result, Run } from '../model/result.ts';
import type { Target } from '../model/target.ts';
import { loadLabel } from '../model/workload.ts';
import type { WorkloadResult } from '../model/workload.ts';
import { gatherEvents } from './gather-events.ts';
import type { Gathered, Plan } from './gather-events.ts';
import { matchExpectation } from './match-expectation.ts';
import { readinessOf } from './readiness/readiness.ts';
import { verdictOf } from './verdict.ts';
import { orderWarnings, unknownRuntimeWarnings } from './warnings.ts';

/**
 * Makes the result of a run from its events, be they of a run just ended or the journal of one that broke off. What was
 * planned and never finished is `not-run`, with the reason. How the events of different cases and targets are interleaved
 * makes no difference.
 * @throws UsageError when the run never started
 */
export function foldResult(events: Iterable<RunEvent>, expectations: readonly Expectation[]): Result {
  const gathered = gatherEvents(events);
  const { started, plan } = gathered;
  const targets = targetsOf(gathered);
  const cases = plan.targets.flatMap((target) =>
    plan.cases.map((declaration): CaseResult => {
      const finished = gathered.cases.get(`${target} ${declaration.id}`);
      const outcome: Outcome = finished?.outcome ?? {
        status: 'not-run',
        reason: whyNotRun(gathered, target, declaration.id),
      };
      const judged = gathered.targets.get(target);
      const expectation = judged && matchExpectation(expectations, declaration.id, judged, outcome);
      const { id, revision, title, level, rpcs, basis } = declaration;
      return {
        ...{ id, revision, title, level, rpcs, basis, target, outcome },
        ...(finished?.flaky === true ? { flaky: true } : {}),
        durationNs: finished?.durationNs ?? 0,
        asked: finished?.asked ?? [],
        ...(expectation ? { expectation } : {}),
        verdict: verdictOf(outcome, expectation, finished?.flaky),
      };
    }),
  );
  return {
    schemaVersion,
    tool: started.tool,
    run: runOf(gathered, cases, targets),
    hosts: [started.host],
    targets,
    cases,
    observationKeys: plan.observationKeys,
    observations: sortedObservations([...gathered.observations.values()], plan),
    workloads: plan.targets.flatMap((target) =>
      plan.workloads.map((workload) => workloadOf(gathered, target, workload)),
    ),
    comparisons: gathered.comparisons,
    ...readinessFor(gathered, targets, cases),
    gates: gathered.gates,
    warnings: orderWarnings([...gathered.warnings, ...unknownRuntimeWarnings(cases, targets, expectations)]),
  };
}

function targetsOf({ targets, lost, plan }: Gathered): Target[] {
  const place = new Map(plan.targets.map((name, index) => [name, index]));
  return [...targets.values()]
    .map((target): Target => {
      const problem = lost.get(target.name);
      return problem === undefined || target.state !== 'ready' ? target : { ...target, state: 'died', problem };
    })
    .sort((a, b) => (place.get(a.name) ?? -1) - (place.get(b.name) ?? -1));
}

/** Readiness is a word on a real runtime, so there is none where the simulator stood in for it. */
function readinessFor(
  { started, plan, warnings }: Gathered,
  targets: readonly Target[],
  cases: readonly CaseResult[],
): Pick<Result, 'readiness'> {
  if (plan.node === undefined || warnings.some(({ kind }) => kind === 'simulator-instead-of-runtime')) return {};
  return { readiness: readinessOf({ purpose: started.run.purpose, node: plan.node, targets, cases }) };
}

/** A run is complete when it ended as it should and everything that it planned was asked. */
function runOf({ started, ended }: Gathered, cases: readonly CaseResult[], targets: readonly Target[]): Run {
  const run: Run = { ...started.run, finishedAt: ended?.finishedAt ?? null };
  const gone = targets.filter(({ state }) => state !== 'ready');
  const notRun = cases.filter(({ outcome }) => outcome.status === 'not-run').length;
  const reason =
    ended?.reason ??
    (ended ? undefined : 'the run broke off') ??
    gone.map(({ name, state, problem = state }) => `${name}: ${problem}`)[0] ??
    (notRun > 0 ? `${String(notRun)} cases were not run` : undefined);
  if (ended?.complete === true && reason === undefined) return { ...run, complete: true };
  return { ...run, complete: false, incompleteReason: reason ?? 'the run ended early' };
}

function whyNotRun({ targets, lost, underWay, ended }: Gathered, target: string, caseId: string): string {
  const known = targets.get(target);
  if (known?.state === 'unreachable')
    return `the target could not be reached: ${known.problem ?? 'for reasons unknown'}`;
  const problem = lost.get(target) ?? known?.problem;
  if (problem !== undefined) return `the target was lost: ${problem}`;
  const why = ended?.reason ?? (ended ? 'the run ended early' : 'the run broke off');
  return underWay.has(`${target} ${caseId}`) ? `${why} while it ran` : why;
}

function sortedObservations(observations: readonly Observation[], { targets }: Plan): Observation[] {
  const keyOf = ({ target, key, caseId }: Observation): string =>
    [String(targets.indexOf(target)).padStart(4, '0'), key, caseId].join(' ');
  return [...observations].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
}

/** A workload that was not finished shows the rounds that it has, and no figures: those are made of all rounds together. */
function workloadOf(
  gathered: Gathered,
  target: string,
  { load, ...declaration }: Plan['workloads'][number],
): WorkloadResult {
  const key = `${target} ${declaration.id} ${loadLabel(load)}`;
  const finished = gathered.workloads.get(key);
  if (finished) return finished;
  const { id, revision, title, description, primary } = declaration;
  const rounds = [...(gathered.rounds.get(key) ?? [])].sort(([a], [b]) => a - b).map(([, round]) => round);
  return {
    ...{ id, revision, title, description, primary, target, load, rounds },
    status: 'not-run',
    reason: `${whyNotRun(gathered, target, '')}, after ${String(rounds.length)} of ${String(gathered.plan.rounds)} rounds`,
    operations: [],
    measures: declaration.measures.map((measure) => ({ ...measure, median: null })),
    errors: [],
  };
}
