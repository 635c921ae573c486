import { cgroupMemoryBytes, cgroupOf } from '../../kit/cgroup-usage.ts';
import { holdingsOfProcess } from '../../kit/process-memory.ts';
import { costSchema, type Cost } from '../../model/cost.ts';
import { cribleCpuBetween } from './crible-cpu.ts';
import type { EventLoopLag } from './event-loop-lag.ts';
import { machineCpuBetween } from './machine-cpu.ts';
import { cpuBetween, type ProcessCpu } from './process-cpu.ts';
import type { Reading, Subjects } from './reading.ts';
import {
  containersCpuBetween,
  daemonCpuBetween,
  podsCpuBetween,
  within,
  type Known,
  type RuntimeCpu,
} from './runtime-cpu.ts';

/** Figures of a cost that may be unknown. */
type Figures<F extends keyof Cost> = Readonly<Record<F, Known<number>>>;

/** The difference of two readings, and what the daemon holds now. */
export function costBetween(start: Reading, end: Reading, subjects: Subjects, lag: EventLoopLag | undefined): Cost {
  const crible = known(cribleCpuBetween(start.crible, end.crible));
  const runtime = runtimeFigures(start, end, subjects);
  const registryCpuNs = registryCpu(start, end, subjects);
  const machine = machineFigures(start, end);
  // Where there is no registry of ours, nothing of it is missing from the sum.
  const registry = subjects.registryPid.ok ? [registryCpuNs] : [];
  const parties = [runtime.daemonCpuNs, runtime.podsCpuNs, crible, ...registry];
  const figures: Figures<Exclude<keyof Cost, 'durationNs' | 'cribleCpuNs' | 'unknown'>> = {
    ...runtime,
    registryCpuNs,
    ...machine,
    unexplainedCpuNs: less(machine.machineBusyNs, parties),
    ...lagFigures(lag),
    ...holdings(subjects),
  };
  const entries = Object.entries(figures);
  return costSchema.parse({
    durationNs: Number(end.atNs - start.atNs),
    cribleCpuNs: crible.value,
    ...Object.fromEntries(entries.map(([figure, found]) => [figure, found.ok ? found.value : null])),
    unknown: entries.flatMap(([figure, found]) => (found.ok ? [] : [{ figure, reason: found.reason }])),
  });
}

function runtimeFigures(
  start: Reading,
  end: Reading,
  subjects: Subjects,
): Figures<'runtimeCpuNs' | 'daemonCpuNs' | 'daemonProcessCpuNs' | 'podsCpuNs' | 'workloadCpuNs'> {
  const { runtime, containersWork } = subjects;
  if (!runtime.ok || !start.runtime || !end.runtime) {
    const missing = unknown(runtime.ok ? 'its cgroups were not found' : runtime.problem);
    return {
      runtimeCpuNs: missing,
      daemonCpuNs: missing,
      daemonProcessCpuNs: missing,
      podsCpuNs: missing,
      workloadCpuNs: missing,
    };
  }
  const [{ name }] = runtime.runtime.daemons;
  const daemonCpuNs = daemonCpuBetween(start.runtime, end.runtime);
  const podsCpuNs = podsCpuBetween(start.runtime, end.runtime);
  const workloadCpuNs = containersWork
    ? workloadCpu(start.runtime, end.runtime)
    : unknown("containers have no work of their own here: what is used in their cgroups is the runtime's");
  const sum = added(daemonCpuNs, podsCpuNs);
  return {
    runtimeCpuNs: containersWork ? less(sum, [workloadCpuNs]) : sum,
    daemonCpuNs,
    daemonProcessCpuNs: processCpu(start.daemon, end.daemon, name),
    podsCpuNs,
    workloadCpuNs,
  };
}

function workloadCpu(start: RuntimeCpu, end: RuntimeCpu): Known<number> {
  const pods = podsCpuBetween(start, end);
  const containers = containersCpuBetween(start, end);
  return pods.ok && containers !== undefined ? known(Math.min(containers, pods.value)) : pods;
}

function registryCpu(start: Reading, end: Reading, { registryPid }: Subjects): Known<number> {
  return registryPid.ok ? processCpu(start.registry, end.registry, 'the registry') : registryPid;
}

function processCpu(start: ProcessCpu | undefined, end: ProcessCpu | undefined, name: string): Known<number> {
  if (start === undefined || start.startTime !== end?.startTime) return unknown(`${name} ended or was started anew`);
  return known(cpuBetween(start, end));
}

function machineFigures(start: Reading, end: Reading): Figures<'machineBusyNs' | 'machineStolenNs'> {
  const machine = start.machine && end.machine && machineCpuBetween(start.machine, end.machine);
  if (!machine) {
    const missing = unknown('/proc/stat is of no known form, or processors came or went');
    return { machineBusyNs: missing, machineStolenNs: missing };
  }
  return { machineBusyNs: known(machine.busyNs), machineStolenNs: known(machine.stolenNs) };
}

function lagFigures(lag: EventLoopLag | undefined): Figures<'eventLoopLagP99Ns' | 'eventLoopLagMaxNs'> {
  if (lag === undefined) {
    const missing = unknown('the event loop was not seen turning');
    return { eventLoopLagP99Ns: missing, eventLoopLagMaxNs: missing };
  }
  return { eventLoopLagP99Ns: known(lag.p99Ns), eventLoopLagMaxNs: known(lag.maxNs) };
}

function holdings({
  runtime,
}: Subjects): Figures<'daemonRssBytes' | 'daemonCgroupBytes' | 'daemonDescriptors' | 'daemonThreads'> {
  const pid = runtime.ok ? runtime.runtime.daemons[0].pid : undefined;
  const held = pid === undefined ? undefined : holdingsOfProcess(pid);
  const why = unknown(runtime.ok ? 'the daemon has ended' : runtime.problem);
  const seen = (value: number | null | undefined): Known<number> =>
    typeof value === 'number' ? known(value) : held === undefined ? why : unknown('not visible to this user');
  return {
    daemonRssBytes: seen(held?.rssBytes),
    daemonCgroupBytes: pid === undefined ? why : cgroupBytes(pid),
    daemonDescriptors: seen(held?.descriptors),
    daemonThreads: seen(held?.threads),
  };
}

function cgroupBytes(pid: number): Known<number> {
  const cgroup = cgroupOf(pid);
  const own = cgroupOf(process.pid)?.memory?.path;
  const path = cgroup?.memory?.path;
  if (path === undefined) return unknown('no cgroup tree here accounts its memory');
  if (own === undefined || within(own, path))
    return unknown(`it has no cgroup to itself: crible is below ${path}, too`);
  const bytes = cgroupMemoryBytes({ cpu: undefined, memory: cgroup?.memory });
  return bytes === undefined ? unknown(`${path} tells no memory`) : known(bytes);
}

function added(a: Known<number>, b: Known<number>): Known<number> {
  if (!a.ok) return a;
  return b.ok ? known(a.value + b.value) : b;
}

function less(whole: Known<number>, parts: readonly Known<number>[]): Known<number> {
  return parts.reduce((rest, part) => (part.ok ? added(rest, known(-part.value)) : rest.ok ? part : rest), whole);
}

function known(value: number): { readonly ok: true; readonly value: number } {
  return { ok: true, value };
}

function unknown(reason: string): Known<never> {
  return { ok: false, reason };
}
