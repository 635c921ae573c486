import { runBenchmarks } from '../../benchmark/run.ts';
import { runConformance } from '../../conformance/run.ts';
import { requireNoContradiction } from '../../judge/check-expectations.ts';
import { Ledger } from '../../kit/ledger.ts';
import type { TargetContext } from '../../kit/target-context.ts';
import { formatDurationMs } from '../duration.ts';
import { showProgress } from '../progress/progress.ts';
import type { Shell } from '../shell.ts';
import { comparedEvent } from './compare-measured.ts';
import type { EventBus } from './event-bus.ts';
import { leaveClean } from './leave-clean.ts';
import { openTargets, probeTargets } from './open-targets.ts';
import type { OpenOptions, ReadyTarget } from './open-targets.ts';
import { plannedEvent } from './plan.ts';
import type { RunPlan } from './plan.ts';
import { Provisions } from './provisions.ts';
import type { RunRequest } from './request.ts';

/** How the work of a run ended: as planned when it holds nothing. */
export interface Ending {
  /** Why not everything was done. */
  readonly reason?: string;
  readonly error?: unknown;
}

export interface RunMeans {
  readonly runId: string;
  readonly hostId: string;
  readonly seed: number;
  readonly bus: EventBus;
  readonly shell: Shell;
  /** Writes down what is known so far, for the case that there is no later. */
  readonly save: () => void;
}

/** Opens the targets, asks, measures, and leaves everything as it was; what went wrong is in the answer. */
export async function carryOut(plan: RunPlan, request: RunRequest, means: RunMeans): Promise<Ending> {
  const { runId, bus, shell, save } = means;
  const { signal } = shell;
  const progress = showProgress(shell, plan.expectations, request.quiet);
  bus.subscribe(progress.listen);
  Ledger.create(runId);
  const provisions = new Provisions({
    runId,
    imagePrefix: request.imagePrefix,
    imageEndpoint: request.imageEndpoint,
    progress: (line) => {
      if (!request.quiet) shell.note(line);
    },
    signal,
  });
  const budget = request.budget === undefined ? undefined : AbortSignal.timeout(request.budget);
  let ready: readonly ReadyTarget[] = [];
  let ending: Ending = {};
  try {
    const names = plan.targets.map(({ name }) => name);
    bus.emit(plannedEvent(plan, names));
    save();
    const options: OpenOptions = { ...means, request, provisions, emit: bus.emit, signal };
    const opened = await openTargets(plan.targets, options);
    if (opened.some(({ name }) => !names.includes(name))) {
      bus.emit(
        plannedEvent(
          plan,
          opened.map(({ name }) => name),
        ),
      );
    }
    ready = await probeTargets(opened, options);
    requireSoundExpectations(plan, bus);
    const stop = budget ? AbortSignal.any([signal, budget]) : signal;
    await ask(plan, ready, { ...means, revive: provisions.revive }, stop);
    if (budget?.aborted === true)
      ending = { reason: `the budget of ${formatDurationMs(request.budget ?? 0)} was used up` };
  } catch (error) {
    if (!signal.aborted) ending = { error };
  }
  progress.close();
  try {
    await leaveClean({ runId, targets: ready, provisions, emit: bus.emit, interrupted: signal.aborted });
  } catch (error) {
    ending = { error: ending.error ?? error };
  }
  return ending;
}

type AskMeans = RunMeans & { readonly revive: Provisions['revive'] };

async function ask(plan: RunPlan, ready: readonly ReadyTarget[], means: AskMeans, signal: AbortSignal): Promise<void> {
  const { bus, seed, save, revive } = means;
  const targets = ready.map(({ context }) => context);
  const { cases, shards, retries, workloads, effort, profile, disruptive } = plan;
  if (cases.length > 0 && targets.length > 0 && !signal.aborted) {
    await runConformance({
      ...{ targets, cases, retries, workers: shards * targets.length, signal, emit: bus.emit },
      revive: async (endpoint) => {
        const back = await revive(endpoint);
        const lost = back || signal.aborted ? [] : targets.filter((target) => target.endpoint === endpoint);
        for (const { name } of lost) {
          bus.emit({
            type: 'target-lost',
            target: name,
            problem: `${endpoint} died in the middle and did not come back`,
          });
        }
        return back;
      },
    });
    save();
  }
  const alive = targets.filter((target) => !isLost(target, bus));
  if (workloads.length > 0 && alive.length > 0 && !signal.aborted) {
    const ofTheHost = ready.filter(({ opened }) => opened.ofTheHost).map(({ context }) => context.name);
    const spared = disruptive ? [] : ofTheHost;
    await runBenchmarks({
      ...{ targets: alive, workloads, base: plan.base, ...effort, profile, spared, seed },
      ...{ signal, hurry: means.shell.signal, emit: bus.emit },
    });
    const compared = comparedEvent(bus.events, plan.base);
    if (compared) bus.emit(compared);
  }
}

function isLost({ name }: TargetContext, { events }: EventBus): boolean {
  return events.some((event) => event.type === 'target-lost' && event.target === name);
}

function requireSoundExpectations({ expectations, cases }: RunPlan, { events }: EventBus): void {
  requireNoContradiction(
    expectations,
    cases.map(({ declaration }) => declaration.id),
    events.flatMap((event) => (event.type === 'target-probed' && event.target.state === 'ready' ? [event.target] : [])),
  );
}
