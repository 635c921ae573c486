import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { textOf } from './cgroup-usage.ts';

/** Memory of a process, from /proc/PID/smaps_rollup (kernel documentation, filesystems/proc); all in bytes. */
export interface ProcessMemory {
  /** Everything mapped and present, shared with others or not: never to be added up. */
  readonly rssBytes: number;
  /** Shared pages divided among those who share them: falls when somebody else maps the same program. */
  readonly pssBytes: number;
  /** Private_Clean + Private_Dirty: what nobody else maps now. Of the only process of a program this is the program's code, too. */
  readonly privateBytes: number;
  /** Its share of anonymous memory. */
  readonly pssAnonBytes: number;
  /**
   * Private_Dirty together with Pss_Anon, each page once: what the process itself has written. It does not depend on who else
   * runs the same program, as every other figure here does; take the slope over pods of this one.
   */
  readonly writtenBytes: number;
}

/** @returns undefined when the process is gone, a zombie or somebody else's */
export function memoryOfProcess(pid: number, proc = '/proc'): ProcessMemory | undefined {
  return parseSmapsRollup(textOf(join(proc, String(pid), 'smaps_rollup')) ?? '');
}

/** Reads the text of smaps_rollup; undefined when a field is missing, as in kernels before 5.4, whose rollup has no Pss_Anon. */
export function parseSmapsRollup(text: string): ProcessMemory | undefined {
  const fields = new Map(
    [...text.matchAll(/^(\w+):\s+(\d+) kB$/gm)].map(([, name = '', kilobytes]) => [name, Number(kilobytes) * 1024]),
  );
  const field = (name: string): number => fields.get(name) ?? NaN;
  const dirtyBytes = field('Private_Dirty');
  const pssAnonBytes = field('Pss_Anon');
  const memory = {
    rssBytes: field('Rss'),
    pssBytes: field('Pss'),
    privateBytes: field('Private_Clean') + dirtyBytes,
    pssAnonBytes,
    writtenBytes: pssAnonBytes + dirtyBytes - Math.min(dirtyBytes, privateAnonBytes(field('Anonymous'), pssAnonBytes)),
  };
  return Object.values(memory).some(Number.isNaN) ? undefined : memory;
}

/**
 * Anonymous pages that are private stand in Private_Dirty and in Pss_Anon: in Go programs nearly all of both, so that their
 * sum would count almost every page twice. With p private and s shared by n, Anonymous is p + s and Pss_Anon p + s/n; taking
 * n as 2, the least, gives p exactly where pages are shared with one other process and too little, but at least 0, where
 * with more.
 */
function privateAnonBytes(anonymousBytes: number, pssAnonBytes: number): number {
  return Math.max(0, 2 * pssAnonBytes - anonymousBytes);
}

/** What a process holds at the moment. */
export interface ProcessHoldings {
  readonly rssBytes: number;
  readonly threads: number;
  /** Null when they are not ours to see. */
  readonly descriptors: number | null;
}

/** @returns undefined when the process is gone or a zombie */
export function holdingsOfProcess(pid: number, proc = '/proc'): ProcessHoldings | undefined {
  const status = textOf(join(proc, String(pid), 'status')) ?? '';
  const rss = /^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1];
  const threads = /^Threads:\s+(\d+)$/m.exec(status)?.[1];
  if (rss === undefined || threads === undefined) return undefined;
  return { rssBytes: Number(rss) * 1024, threads: Number(threads), descriptors: descriptorsOf(pid, proc) };
}

function descriptorsOf(pid: number, proc: string): number | null {
  try {
    return readdirSync(join(proc, String(pid), 'fd')).length;
  } catch {
    return null;
  }
}
