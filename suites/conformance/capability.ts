import { readFileSync } from 'node:fs';
import { SetupError } from '../../src/kit/setup.ts';
import { runtimeProcess } from '../../src/kit/runtime-process.ts';
import type { TargetContext } from '../../src/kit/target-context.ts';

/* Capability sets as the kernel shows them. */

/** A set of /proc/PID/status, whatever blanks stand in it. */
export function mask(status: string, name: string): bigint | undefined {
  const hex = new RegExp(`\\b${name}:\\s*(?<hex>[0-9a-f]+)\\b`).exec(status)?.groups?.['hex'];
  return hex === undefined ? undefined : BigInt(`0x${hex}`);
}

/** By bit: capability.h of Linux 5.9 and later. */
const capabilities =
  'CHOWN DAC_OVERRIDE DAC_READ_SEARCH FOWNER FSETID KILL SETGID SETUID SETPCAP LINUX_IMMUTABLE NET_BIND_SERVICE NET_BROADCAST NET_ADMIN NET_RAW IPC_LOCK IPC_OWNER SYS_MODULE SYS_RAWIO SYS_CHROOT SYS_PTRACE SYS_PACCT SYS_ADMIN SYS_BOOT SYS_NICE SYS_RESOURCE SYS_TIME SYS_TTY_CONFIG MKNOD LEASE AUDIT_WRITE AUDIT_CONTROL SETFCAP MAC_OVERRIDE MAC_ADMIN SYSLOG WAKE_ALARM BLOCK_SUSPEND AUDIT_READ PERFMON BPF CHECKPOINT_RESTORE'.split(
    ' ',
  );

/** Without the CAP_ prefix, in the alphabet's order. */
export function capabilityNames(set: bigint): readonly string[] {
  return capabilities.filter((_, bit) => ((set >> BigInt(bit)) & 1n) === 1n).sort();
}

/** What a process may do, what it may take up, and what it can never get beyond. */
interface CapabilitySets {
  readonly effective: readonly string[];
  readonly permitted: readonly string[];
  readonly bounding: readonly string[];
}

/** The sets of a process by its /proc/PID/status. */
export function capabilitySets(status: string): CapabilitySets {
  const of = (name: string): readonly string[] => capabilityNames(mask(status, name) ?? 0n);
  return { effective: of('CapEff'), permitted: of('CapPrm'), bounding: of('CapBnd') };
}

/** The same sets, each changed in the same way. */
export function eachSet(
  { effective, permitted, bounding }: CapabilitySets,
  change: (names: readonly string[]) => readonly string[],
): CapabilitySets {
  return { effective: change(effective), permitted: change(permitted), bounding: change(bounding) };
}

/** The same sets with nothing in them but these. */
export function onlyThese(names: readonly string[]): CapabilitySets {
  return { effective: names, permitted: names, bounding: names };
}

/** What the runtime's own process may do and hand on: no container of its can have more. Takes the feature runtime-process. */
export function capabilitiesOfRuntime(target: TargetContext): readonly string[] {
  const owner = runtimeProcess(target);
  if (!owner.ok) throw new SetupError('find the process of the runtime', new Error(owner.problem));
  const status = readFileSync(`/proc/${String(owner.pid)}/status`, 'utf8');
  return capabilityNames((mask(status, 'CapEff') ?? 0n) & (mask(status, 'CapBnd') ?? 0n));
}
