import { loadWorkloads, selectWorkloads } from '../../benchmark/catalogue.ts';
import { loadsOf } from '../../benchmark/loads.ts';
import { loadCatalogue } from '../../conformance/catalogue.ts';
import { selectCases } from '../../conformance/select.ts';
import { prepareFault } from '../../faults/catalogue.ts';
import { requireKnownCases } from '../../judge/check-expectations.ts';
import { isNeeded } from '../../judge/readiness/needed-cases.ts';
import type { Case } from '../../kit/case.ts';
import type { Workload } from '../../kit/workload.ts';
import { labName } from '../../lab/lab-name.ts';
import type { CaseDeclaration } from '../../model/case.ts';
import { UsageError } from '../../model/error.ts';
import type { PlannedNode, RunEvent } from '../../model/event.ts';
import type { Expectation } from '../../model/expectation.ts';
import type { KubeletConfiguration } from '../../model/kubelet-configuration.ts';
import type { ObservationDeclaration } from '../../model/observation.ts';
import { parsePurpose } from '../../model/purpose.ts';
import type { Purpose } from '../../model/purpose.ts';
import type { Profile } from '../../model/result.ts';
import { parseTargets } from '../../model/target.ts';
import type { TargetSpec } from '../../model/target.ts';
import { loadExpectations } from '../expectations.ts';
import { readKubeletConfiguration } from '../kubelet-configuration.ts';
import { readResult } from '../output/read-run.ts';
import { requireFeasible } from './bench-request.ts';
import { baseName, measuredTargets } from './compare-measured.ts';
import { effortFor, usualShards } from './effort.ts';
import type { Effort } from './effort.ts';
import type { CaseRequest, RunRequest } from './request.ts';

/** What a run is going to do, as far as that can be known without asking any target. */
export interface RunPlan {
  readonly targets: readonly TargetSpec[];
  /** Name of the target that the others are compared with. */
  readonly base: string;
  readonly cases: readonly Case[];
  /** The node that the targets are judged fit for or not, where a version of Kubernetes is the purpose. */
  readonly node: PlannedNode | undefined;
  readonly shards: number;
  /** How often a case that did not pass is asked again. */
  readonly retries: number;
  readonly observationKeys: readonly ObservationDeclaration[];
  readonly workloads: readonly Workload[];
  readonly profile: Profile;
  readonly effort: Effort;
  /** Whether disruptive workloads are for runtimes of the host, too. */
  readonly disruptive: boolean;
  readonly expectations: readonly Expectation[];
}

/**
 * Understands a request.
 * @throws UsageError on everything in it that cannot be done
 */
export async function planRun(request: RunRequest): Promise<RunPlan> {
  const named = readTargets(request.targets);
  const expectations = loadExpectations(request.expectations);
  const catalogue = await loadCatalogue();
  const { cases, benchmarks, profile } = request;
  const purpose = parsePurpose(request.purpose);
  const needed = (declaration: CaseDeclaration): boolean => isNeeded(declaration, purpose);
  const kubelet = request.kubeletConfig === undefined ? undefined : readKubeletConfiguration(request.kubeletConfig);
  if (benchmarks) requireFeasible(benchmarks, named);
  const targets = benchmarks ? measuredTargets(named, benchmarks) : named;
  targets.forEach(requireSense);
  const declarations = catalogue.cases.map(({ declaration }) => declaration);
  const plan: RunPlan = {
    targets,
    base: baseName(targets, benchmarks?.control),
    expectations,
    cases: cases ? selectCases(catalogue.cases, { ...withFailed(cases), isNeeded: needed }) : [],
    node: cases ? nodeOf(purpose, declarations, kubelet) : undefined,
    shards: cases?.shards ?? usualShards(),
    retries: cases?.retries ?? 0,
    observationKeys: cases ? catalogue.observationKeys : [],
    workloads: benchmarks ? selectWorkloads(await loadWorkloads(), benchmarks.workload, profile) : [],
    profile,
    effort: effortFor(profile, benchmarks),
    disruptive: benchmarks?.disruptive ?? false,
  };
  requireKnownCases(
    expectations,
    declarations.map(({ id }) => id),
  );
  return plan;
}

/**
 * Reads the targets of a command.
 * @throws UsageError when there is none, or one that this version does not have
 */
function readTargets(texts: readonly string[]): readonly TargetSpec[] {
  if (texts.length === 0) {
    throw new UsageError(
      'no target is named',
      'name one, for example lab:containerd or unix:///run/containerd/containerd.sock',
    );
  }
  return parseTargets(texts);
}

/** @throws UsageError when there is no such lab or fault */
function requireSense(target: TargetSpec): void {
  if (target.kind === 'lab') labName(target);
  if (target.kind === 'fault') {
    prepareFault(target.fault, target.args);
    requireSense(target.behind);
  }
}

/** The event that tells of a plan, for the targets that are left of it. */
export function plannedEvent(plan: RunPlan, targets: readonly string[]): RunEvent {
  return {
    type: 'planned',
    targets: [...targets],
    cases: plan.cases.map(({ declaration }) => declaration),
    observationKeys: [...plan.observationKeys],
    workloads: plan.workloads.flatMap((workload) =>
      loadsOf(workload, plan.effort.loads, plan.profile).map((load) => ({ ...workload.declaration, load })),
    ),
    rounds: plan.effort.rounds,
    ...(plan.node === undefined ? {} : { node: plan.node }),
  };
}

function nodeOf(
  purpose: Purpose,
  declarations: readonly CaseDeclaration[],
  kubelet: KubeletConfiguration | undefined,
): PlannedNode | undefined {
  if (purpose.kind !== 'kubernetes') return undefined;
  const caseIds = declarations.filter((declaration) => isNeeded(declaration, purpose)).map(({ id }) => id);
  return { minor: purpose.minor, caseIds, ...(kubelet === undefined ? {} : { kubelet }) };
}

function withFailed(request: CaseRequest): CaseRequest {
  if (request.onlyFailed === undefined) return request;
  const unexpected = readResult(request.onlyFailed).cases.filter(
    ({ verdict }) => verdict === 'unexpected-failure' || verdict === 'unexpected-pass',
  );
  if (unexpected.length === 0) {
    throw new UsageError(`in ${request.onlyFailed} every case was as expected`, 'there is nothing to ask again');
  }
  return { ...request, select: [...request.select, ...new Set(unexpected.map(({ id }) => id))] };
}
