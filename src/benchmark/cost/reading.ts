import type { TargetContext } from '../../kit/target-context.ts';
import { tcpSocketOwner } from '../../kit/socket-owner.ts';
import { readCribleCpu, type CribleCpu } from './crible-cpu.ts';
import { readMachineCpu, type MachineCpu } from './machine-cpu.ts';
import { readProcessCpu, type ProcessCpu } from './process-cpu.ts';
import { readRuntimeCpu, runtimeCgroups, type Known, type RuntimeCgroups, type RuntimeCpu } from './runtime-cpu.ts';
import { findRuntime, offers, podsCgroup, type FoundRuntime, type MeteredTarget } from './runtime-processes.ts';

/** Who is measured: the processes and cgroups, found before the measured time begins. */
export interface Subjects {
  readonly runtime: FoundRuntime;
  readonly cgroups: RuntimeCgroups | undefined;
  readonly registryPid: Known<number>;
  /** Whether containers are looked at one by one. */
  readonly containersWork: boolean;
}

/** All clocks at one moment; undefined stands for what cannot be read. */
export interface Reading {
  readonly atNs: bigint;
  readonly machine: MachineCpu | undefined;
  readonly runtime: RuntimeCpu | undefined;
  readonly daemon: ProcessCpu | undefined;
  readonly registry: ProcessCpu | undefined;
  readonly crible: CribleCpu;
}

export function findSubjects(target: MeteredTarget & Pick<TargetContext, 'images'>, containersWork: boolean): Subjects {
  const runtime = findRuntime(target);
  return {
    runtime,
    cgroups: runtime.ok ? visibleCgroups(target, runtimeCgroups(runtime.runtime, podsCgroup(target))) : undefined,
    registryPid: registryOf(target),
    containersWork,
  };
}

function visibleCgroups(target: Pick<TargetContext, 'features'>, cgroups: RuntimeCgroups): RuntimeCgroups {
  if (offers(target, 'host-cgroups')) return cgroups;
  return { ...cgroups, pods: { ok: false, reason: 'pods are not in the cgroups here that were asked for' } };
}

const registries = new Map<string, { readonly pid: number; readonly startTime: string }>();

/** The process of crible's own registry, by the address that images are pulled from; remembered for as long as it lives. */
function registryOf({ images }: Pick<TargetContext, 'images'>): Known<number> {
  if (!images.loopback) return { ok: false, reason: "images come from a registry that is not crible's own" };
  const [address = ''] = images.prefix.split('/');
  const known = registries.get(address);
  if (known !== undefined && readProcessCpu(known.pid)?.startTime === known.startTime) {
    return { ok: true, value: known.pid };
  }
  const owner = tcpSocketOwner(address);
  if (!owner.ok) return { ok: false, reason: owner.problem };
  if (owner.pid === process.pid) return { ok: false, reason: 'the registry is no process of its own: see cribleCpuNs' };
  const startTime = readProcessCpu(owner.pid)?.startTime;
  if (startTime !== undefined) registries.set(address, { pid: owner.pid, startTime });
  return { ok: true, value: owner.pid };
}

/** Reads the machine's clock first and crible's last: reading is work of crible that is nobody's round. */
export function readAtStart(subjects: Subjects): Reading {
  const atNs = process.hrtime.bigint();
  const machine = readMachineCpu();
  return { atNs, machine, ...readRuntime(subjects), crible: readCribleCpu(apartFrom(subjects)) };
}

/** Reads in the opposite order, so that the machine's time holds that of all others. */
export function readAtEnd(subjects: Subjects): Reading {
  const crible = readCribleCpu(apartFrom(subjects));
  return { crible, ...readRuntime(subjects), machine: readMachineCpu(), atNs: process.hrtime.bigint() };
}

function readRuntime({
  runtime,
  cgroups,
  registryPid,
  containersWork,
}: Subjects): Pick<Reading, 'runtime' | 'daemon' | 'registry'> {
  return {
    runtime: cgroups && readRuntimeCpu(cgroups, containersWork),
    daemon: runtime.ok ? readProcessCpu(runtime.runtime.daemons[0].pid) : undefined,
    registry: registryPid.ok ? readProcessCpu(registryPid.value) : undefined,
  };
}

/** Processes that crible may have started and that are accounted by themselves. */
function apartFrom({ runtime, registryPid }: Subjects): ReadonlySet<number> {
  const daemons = runtime.ok ? runtime.runtime.daemons.map(({ pid }) => pid) : [];
  return new Set(registryPid.ok ? [...daemons, registryPid.value] : daemons);
}
