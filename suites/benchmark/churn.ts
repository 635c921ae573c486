import { setTimeout as pause } from 'node:timers/promises';
import { holdingsOfProcess } from '../../src/kit/process-memory.ts';
import { defineWorkload, type Workload } from '../../src/kit/workload.ts';
import { daemonPid } from './steps/daemon.ts';
import { podReadyOperations, removePod, shellImage, startPod } from './steps/pod.ts';
import { keptNamespaces, tracesOf, type Traces } from './steps/traces.ts';

/** A node on which jobs come and go all day; a laptop's runtime keeps up with it. */
const podsPerSecond = 2;

/** A runtime may go on clearing up for so long after it has answered. */
const clearUpMs = 3_000;
const lookMs = 20;

/** What a daemon holds that grows when it forgets something. */
interface Held {
  readonly descriptors: number;
  readonly threads: number;
  readonly namespaces: number;
}

const churn = defineWorkload({
  id: 'churn',
  title: 'Pods that come and go at a fixed rate',
  description:
    `Starts ${String(podsPerSecond)} pods a second unless another rate is asked for, whether or not the earlier ones are ready, and ` +
    'removes each when it is; then looks for what is left of any of them: processes, mounts and cgroups that bear one of their ' +
    'ids, and what the daemon holds more than before the first round: descriptors, threads, namespaces that a mount keeps. Good ' +
    'for nodes that run jobs, where a leak ends the node after a week. The rate is fixed, so a slow runtime is not given fewer ' +
    'pods. Left-overs are counted over all rounds so far, after the runtime has had ' +
    `${String(clearUpMs / 1000)} s to clear up; on a host, other clients’ pods move what the daemon holds, not what bears our ids.`,
  operations: [
    ...podReadyOperations,
    { name: 'PodGone', description: 'the containers stopped, the pod stopped and removed' },
  ],
  measures: [
    {
      name: 'LeftProcesses',
      description: 'shims, monitors and the containers’ own',
      unit: 'processes',
      better: 'lower',
    },
    {
      name: 'LeftMounts',
      description: 'on paths of pods or containers that are gone',
      unit: 'mounts',
      better: 'lower',
    },
    { name: 'LeftCgroups', description: 'of containers that are gone', unit: 'cgroups', better: 'lower' },
    {
      name: 'NamespaceGrowth',
      description: 'namespaces that a mount of the daemon keeps',
      unit: 'namespaces',
      better: 'lower',
    },
    { name: 'DescriptorGrowth', description: 'open files of the daemon', unit: 'descriptors', better: 'lower' },
    { name: 'ThreadGrowth', description: 'threads of the daemon', unit: 'threads', better: 'lower' },
  ],
  primary: 'PodReady',
  needs: ['root', 'host-pids', 'host-cgroups'],
  disruptive: true,
  loads: (asked) => {
    const open = asked.filter(({ model }) => model === 'open');
    return open.length > 0 ? open : [{ model: 'open', ratePerSecond: podsPerSecond, arrival: 'constant' }];
  },
  iterations: (usual) => usual * 2,
  prepare: async ({ given, target }) => {
    const image = await given.image(shellImage);
    const daemon = daemonPid(target);
    return { image, daemon, before: heldBy(daemon), ids: new Set<string>() };
  },
  iterate: async (context, { image, ids }) => {
    const { id, pod } = await startPod(context, image);
    ids.add(id).add(pod.id);
    await context.span('PodGone', () => removePod(context, pod));
  },
  endRound: async ({ measure, signal }, { daemon, before, ids }) => {
    const left = await leftOver(ids, daemon, signal);
    const after = heldBy(daemon);
    measure('LeftProcesses', left.processes.length);
    measure('LeftMounts', left.mounts.length);
    measure('LeftCgroups', left.cgroups.length);
    measure('NamespaceGrowth', after.namespaces - before.namespaces);
    measure('DescriptorGrowth', after.descriptors - before.descriptors);
    measure('ThreadGrowth', after.threads - before.threads);
    const [first, ...more] = all(left);
    if (first !== undefined) {
      throw new Error(
        `of ${String(ids.size)} pods and containers that are gone there is left: ${first} and ${String(more.length)} more`,
      );
    }
  },
});

export const workloads: readonly Workload[] = [churn];

const all = ({ processes, mounts, cgroups }: Traces): readonly string[] => [...processes, ...mounts, ...cgroups];

async function leftOver(ids: ReadonlySet<string>, daemon: number, signal: AbortSignal): Promise<Traces> {
  const deadline = performance.now() + clearUpMs;
  for (;;) {
    const traces = tracesOf(ids, daemon);
    if (all(traces).length === 0 || performance.now() > deadline) return traces;
    await pause(lookMs, undefined, { signal });
  }
}

function heldBy(daemon: number): Held {
  const held = holdingsOfProcess(daemon);
  if (held?.descriptors == null) throw new Error(`what process ${String(daemon)} holds cannot be seen`);
  return { descriptors: held.descriptors, threads: held.threads, namespaces: keptNamespaces(daemon) };
}
