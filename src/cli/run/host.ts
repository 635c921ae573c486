import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { cpus, hostname, loadavg, release, totalmem, type } from 'node:os';
import { cgroupLayout } from '../../kit/cgroup.ts';
import type { Host } from '../../model/target.ts';

/** The machine that crible runs on, as far as it decides whether two results can be compared. */
export function thisHost(): Host {
  const governor = read('/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor');
  const processors = cpus();
  const [one = 0, five = 0, fifteen = 0] = loadavg();
  return {
    id: hostId(),
    hostname: hostname(),
    os: /^PRETTY_NAME="?(.+?)"?$/m.exec(read('/etc/os-release') ?? '')?.[1] ?? type(),
    kernel: release(),
    cpuModel: processors[0]?.model.trim() ?? 'unknown',
    cpuCount: processors.length,
    memoryBytes: totalmem(),
    cgroupLayout: cgroupLayout().kind,
    ...(governor === undefined ? {} : { cpuGovernor: governor }),
    loadAverage: [one, five, fifteen],
    node: process.versions.node,
  };
}

/** The same for every run on a machine. machine-id(5) asks that the id itself be kept to the machine, so a hash of it is used. */
function hostId(): string {
  const secret = read('/etc/machine-id') ?? hostname();
  return createHash('sha256').update(`crible ${secret}`).digest('hex').slice(0, 12);
}

function read(path: string): string | undefined {
  try {
    const text = readFileSync(path, 'utf8').trim();
    return text === '' ? undefined : text;
  } catch {
    return undefined;
  }
}
