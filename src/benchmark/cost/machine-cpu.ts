import { join } from 'node:path';
import { textOf } from '../../kit/cgroup-usage.ts';
import { tickNs } from './process-cpu.ts';

/** A reading of the processors' time. */
export interface MachineCpu {
  readonly atNs: bigint;
  readonly processors: number;
  readonly restingNs: number;
  readonly stolenNs: number;
}

/** @returns undefined when there is no /proc/stat of the known form */
export function readMachineCpu(proc = '/proc', atNs = process.hrtime.bigint()): MachineCpu | undefined {
  const text = textOf(join(proc, 'stat')) ?? '';
  // proc(5): user nice system idle iowait irq softirq steal, in ticks.
  const fields = /^cpu +([\d ]+)$/m.exec(text)?.[1]?.split(' ').map(Number);
  const [, , , idle, iowait, , , stolen] = fields ?? [];
  if (idle === undefined || iowait === undefined || stolen === undefined) return undefined;
  const processors = [...text.matchAll(/^cpu\d+ /gm)].length;
  return { atNs, processors, restingNs: (idle + iowait) * tickNs, stolenNs: stolen * tickNs };
}

/**
 * Busy and stolen time between two readings; undefined when processors came or went. Busy is what is left of the processors'
 * time: kernels that account by ticks lose some of the time that was worked (5 to 15 % in a virtual machine), while idle time
 * is taken from a clock.
 */
export function machineCpuBetween(
  start: MachineCpu,
  end: MachineCpu,
): { readonly busyNs: number; readonly stolenNs: number } | undefined {
  if (start.processors !== end.processors || start.processors === 0) return undefined;
  const wholeNs = Number(end.atNs - start.atNs) * end.processors;
  const stolenNs = Math.max(0, end.stolenNs - start.stolenNs);
  return { stolenNs, busyNs: Math.max(0, wholeNs - (end.restingNs - start.restingNs) - stolenNs) };
}
