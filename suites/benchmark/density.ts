import { setTimeout as pause } from 'node:timers/promises';
import { cgroupAt, cgroupCpu, cgroupOf, type Cgroup } from '../../src/kit/cgroup-usage.ts';
import { runCgroup } from '../../src/kit/pod-sandbox-config.ts';
import { holdingsOfProcess, memoryOfProcess } from '../../src/kit/process-memory.ts';
import { processIds } from '../../src/kit/socket-owner.ts';
import type { TargetContext } from '../../src/kit/target-context.ts';
import { defineWorkload, type Workload } from '../../src/kit/workload.ts';
import { daemonPid } from './steps/daemon.ts';
import { commandLineOf } from './steps/host-process.ts';
import { podReadyOperations, shellImage, startPod } from './steps/pod.ts';

/** Idle pods that are there before a round adds its own. */
const populations = [0, 100];
/** The CPU time of an idle runtime is looked at for so long, after so much rest. */
const restMs = 300;
const idleMs = 1_000;

/** What there was when so many pods of a round had been started. */
interface Point {
  readonly pods: number;
  readonly monitorBytes: number;
  readonly daemonBytes: number;
}

const density = defineWorkload({
  id: 'density',
  title: 'More and more pods on a node',
  description:
    'Starts pods one after the other and lets them be, beside none and beside 100 idle ones; after each it looks at the memory of ' +
    'what watches over them, and when all are there, at the CPU time that the runtime uses for nothing. Good for how many pods a ' +
    'node has room for, and for whether starts become slower with the number. Memory is what the processes have written: summing ' +
    'up resident sets would count a shared program once for each pod, and proportional shares fall when another daemon runs the ' +
    'same program. It is the slope over the number of pods, so what a runtime holds anyway is not in ' +
    'it; and the containers’ own processes are not, for they are the same everywhere.',
  operations: [...podReadyOperations],
  measures: [
    {
      name: 'MonitorMemoryPerPod',
      description: 'of shims, monitors or sandboxes, by pod',
      unit: 'bytes',
      better: 'lower',
    },
    {
      name: 'DaemonMemoryPerPod',
      description: 'by which the daemon grows with each pod',
      unit: 'bytes',
      better: 'lower',
    },
    { name: 'DaemonRss', description: 'resident set of the daemon with all pods', unit: 'bytes', better: 'lower' },
    {
      name: 'IdleCpu',
      description: 'of one CPU, by daemon, monitors and all pods while nothing happens',
      unit: '%',
      better: 'lower',
    },
  ],
  primary: 'MonitorMemoryPerPod',
  needs: ['root', 'host-pids', 'host-cgroups'],
  disruptive: true,
  loads: () => populations.map((population) => ({ model: 'closed', concurrency: 1, population })),
  iterations: (usual) => usual,
  prepare: ({ given }) => given.image(shellImage),
  beginRound: ({ target }) =>
    Promise.resolve({ daemon: daemonPid(target), ids: new Set<string>(), points: new Array<Point>() }),
  iterate: async (context, image, { daemon, ids, points }) => {
    const { id, pod } = await startPod(context, image);
    ids.add(id).add(pod.id);
    points.push({ pods: ids.size / 2, monitorBytes: memoryOf(monitorsOf(ids)), daemonBytes: memoryOf([daemon]) });
  },
  endRound: async ({ measure, signal, target }, _image, { daemon, points }) => {
    measure('MonitorMemoryPerPod', slope(points.map(({ pods, monitorBytes }) => [pods, monitorBytes])));
    measure('DaemonMemoryPerPod', slope(points.map(({ pods, daemonBytes }) => [pods, daemonBytes])));
    const held = holdingsOfProcess(daemon);
    if (held !== undefined) measure('DaemonRss', held.rssBytes);
    await pause(restMs, undefined, { signal });
    const idle = await cpuShare(daemon, target, signal);
    if (idle !== undefined) measure('IdleCpu', idle * 100);
  },
});

export const workloads: readonly Workload[] = [density];

/** Processes that are told on their command line which pod or container they are for. */
function monitorsOf(ids: ReadonlySet<string>): readonly number[] {
  return processIds().filter((pid) => (commandLineOf(pid).match(/[0-9a-f]{64}/g) ?? []).some((id) => ids.has(id)));
}

function memoryOf(pids: readonly number[]): number {
  return pids.reduce((sum, pid) => sum + (memoryOfProcess(pid)?.writtenBytes ?? 0), 0);
}

/** Of the line through the points that leaves the least squares. */
function slope(points: readonly (readonly [number, number])[]): number {
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [meanX, meanY] = [mean(points.map(([x]) => x)), mean(points.map(([, y]) => y))];
  const across = points.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0);
  return across / points.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0);
}

/** CPU time by time that passes, of the daemon's cgroup and of all pods; undefined where the daemon has no cgroup to itself. */
async function cpuShare(daemon: number, target: TargetContext, signal: AbortSignal): Promise<number | undefined> {
  const own = cgroupOf(daemon);
  const crible = cgroupOf(process.pid)?.cpu?.path;
  if (own?.cpu === undefined || crible === undefined || `${crible}/`.startsWith(`${own.cpu.path}/`)) return undefined;
  const cgroups = [own, cgroupAt(target.cgroupDriver === 'systemd' ? '/crible.slice' : runCgroup(target.runId))];
  const used = (): number => cgroups.reduce((sum, cgroup) => sum + cpuNsOf(cgroup), 0);
  const beganMs = performance.now();
  const before = used();
  await pause(idleMs, undefined, { signal });
  return (used() - before) / 1e6 / (performance.now() - beganMs);
}

function cpuNsOf(cgroup: Cgroup): number {
  return cgroupCpu(cgroup)?.cpuNs ?? 0;
}
