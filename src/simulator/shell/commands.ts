import { setTimeout as delay } from 'node:timers/promises';
import { longestTimerMs } from '../ends-within.ts';
import { absolute } from '../surroundings.ts';
import type { Surroundings } from '../surroundings.ts';
import { holds, integer } from './test-expression.ts';
import { formatted, unescaped } from './text.ts';

/** The standard streams of a command: its whole input, and where its output goes. */
export interface CommandStreams {
  readonly input: Uint8Array;
  readonly output: (bytes: Uint8Array) => void;
  readonly error: (bytes: Uint8Array) => void;
}

export interface CommandCall {
  readonly parameters: readonly string[];
  readonly streams: CommandStreams;
  readonly surroundings: Surroundings;
  /** Aborted when the process dies. */
  readonly life: AbortSignal;
}

/** Answers its exit code, or nothing for 0; what it throws is printed as its error message, exit code 1. */
type ProgramCommand = (call: CommandCall) => Promise<number> | number | undefined;

const unitMs: Readonly<Record<string, number>> = { '': 1000, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const binaryUnit: Readonly<Record<string, number>> = { '': 1, b: 512, k: 1024, K: 1024, m: 1024 ** 2, M: 1024 ** 2 };

/**
 * The programs that every simulated container has on its PATH, each with the part of its real counterpart's options
 * that is written here.
 */
export const commands: Readonly<Record<string, ProgramCommand>> = {
  true: () => 0,
  false: () => 1,

  /** echo [-n] [-e] [WORD]... */
  echo: ({ parameters, streams }) => {
    const flagCount = parameters.findIndex((parameter) => !/^-[ne]+$/.test(parameter));
    const flags = parameters.slice(0, flagCount === -1 ? parameters.length : flagCount);
    const text = parameters.slice(flags.length).join(' ') + (flags.some((flag) => flag.includes('n')) ? '' : '\n');
    streams.output(flags.some((flag) => flag.includes('e')) ? unescaped(text) : Buffer.from(text));
    return 0;
  },

  /** printf FORMAT [ARGUMENT]... */
  printf: ({ parameters: [format, ...values], streams }) => {
    if (format === undefined) throw new Error('no format');
    streams.output(formatted(format, values));
    return 0;
  },

  /** sleep NUMBER[smhd]... or `infinity` */
  sleep: async ({ parameters, life }) => {
    const ms = parameters.map(sleepMs).reduce((sum, each) => sum + each, 0);
    await delay(Math.min(ms, longestTimerMs), undefined, { signal: life });
    return 0;
  },

  /** Only what `tail -f /dev/null` is used for: runs until it is killed. */
  tail: async ({ parameters, life }) => {
    if (parameters.join(' ') !== '-f /dev/null') throw new Error('only -f /dev/null is known here');
    await delay(longestTimerMs, undefined, { signal: life });
    return 0;
  },

  /** cat [FILE]... */
  cat: ({ parameters, streams, surroundings }) => {
    if (parameters.length === 0) streams.output(streams.input);
    for (const path of parameters) streams.output(surroundings.files.read(absolute(path, surroundings)));
    return 0;
  },

  /** head -c COUNT[kM] [FILE], head -n COUNT [FILE]; of /dev/zero with -c only */
  head: ({ parameters, streams, surroundings }) => {
    const [option, count, path] = parameters[0]?.startsWith('-') === true ? parameters : ['-n', '10', ...parameters];
    const size = byteCount(count ?? '');
    if (option === '-c' && path === '/dev/zero') {
      streams.output(Buffer.alloc(size));
      return 0;
    }
    const content = Buffer.from(
      path === undefined ? streams.input : surroundings.files.read(absolute(path, surroundings)),
    );
    if (option === '-c') streams.output(content.subarray(0, size));
    else if (option === '-n') streams.output(content.subarray(0, endOfLine(content, size)));
    else throw new Error(`unrecognized option: ${option ?? ''}`);
    return 0;
  },

  /** tr SET1 SET2, both of the same length, bytes and backslash escapes, no ranges */
  tr: ({ parameters: [from = '', to = ''], streams }) => {
    const [source, target] = [unescaped(from), unescaped(to)];
    if (source.length !== target.length) throw new Error('sets of different length are not known here');
    const table = Uint8Array.from({ length: 256 }, (_, byte) => target[source.lastIndexOf(byte)] ?? byte);
    streams.output(Uint8Array.from(streams.input, (byte) => table[byte] ?? byte));
    return 0;
  },

  /** seq [FIRST [STEP]] LAST */
  seq: ({ parameters, streams }) => {
    const numbers = parameters.map(integer);
    const last = numbers.at(-1);
    if (last === undefined || numbers.length > 3) throw new Error('one to three numbers are wanted');
    const first = numbers.length > 1 ? (numbers[0] ?? 1) : 1;
    const step = numbers.length > 2 ? (numbers[1] ?? 1) : 1;
    if (step === 0) throw new Error('the step must not be 0');
    const lines: string[] = [];
    for (let number = first; step > 0 ? number <= last : number >= last; number += step)
      lines.push(`${String(number)}\n`);
    streams.output(Buffer.from(lines.join('')));
    return 0;
  },

  env: ({ streams, surroundings }) => {
    for (const [name, value] of Object.entries(surroundings.variables))
      streams.output(Buffer.from(`${name}=${value}\n`));
    return 0;
  },

  /** printenv NAME */
  printenv: ({ parameters: [name = ''], streams, surroundings }) => {
    const value = surroundings.variables[name];
    if (value === undefined) return 1;
    streams.output(Buffer.from(`${value}\n`));
    return 0;
  },

  pwd: ({ streams, surroundings }) => {
    streams.output(Buffer.from(`${surroundings.workingDirectory}\n`));
    return 0;
  },

  hostname: ({ streams, surroundings }) => {
    streams.output(Buffer.from(`${surroundings.hostname}\n`));
    return 0;
  },

  /** id [-u|-g|-G] */
  id: ({ parameters: [option], streams, surroundings }) => {
    const { uid, gid, groups } = surroundings.user;
    const named = (id: number): string => (id === 0 ? '0(root)' : String(id));
    const answers: Readonly<Record<string, string>> = {
      '': `uid=${named(uid)} gid=${named(gid)} groups=${groups.map(named).join(',')}`,
      '-u': String(uid),
      '-g': String(gid),
      '-G': groups.join(' '),
    };
    const answer = answers[option ?? ''];
    if (answer === undefined) throw new Error(`unrecognized option: ${option ?? ''}`);
    streams.output(Buffer.from(`${answer}\n`));
    return 0;
  },

  /** rm [-f] FILE... */
  rm: ({ parameters, surroundings }) => {
    const force = parameters[0] === '-f';
    for (const path of parameters.slice(force ? 1 : 0)) {
      const removed = surroundings.files.remove(absolute(path, surroundings));
      if (!removed && !force) throw new Error(`can't remove '${path}': No such file or directory`);
    }
    return 0;
  },

  /** touch FILE... */
  touch: ({ parameters, surroundings }) => {
    for (const path of parameters) surroundings.files.append(absolute(path, surroundings), Buffer.alloc(0));
    return 0;
  },

  test: ({ parameters, surroundings }) => (holds(parameters, surroundings) ? 0 : 1),
  '[': ({ parameters, surroundings }) => {
    if (parameters.at(-1) !== ']') throw new Error('missing ]');
    return holds(parameters.slice(0, -1), surroundings) ? 0 : 1;
  },
};

function sleepMs(text: string): number {
  if (text === 'infinity' || text === 'inf') return longestTimerMs;
  const match = /^(\d+(?:\.\d+)?)([smhd]?)$/.exec(text);
  const unit = unitMs[match?.[2] ?? ''];
  if (!match || unit === undefined) throw new Error(`invalid number '${text}'`);
  return Number(match[1]) * unit;
}

function byteCount(text: string): number {
  const match = /^(\d+)([bkKmM]?)$/.exec(text);
  if (!match) throw new Error(`invalid number '${text}'`);
  return Number(match[1]) * (binaryUnit[match[2] ?? ''] ?? 1);
}

/** Where the `count`th line ends. */
function endOfLine(content: Uint8Array, count: number): number {
  let end = 0;
  for (let line = 0; line < count && end < content.length; line += 1) {
    const newline = content.indexOf(10, end);
    end = newline === -1 ? content.length : newline + 1;
  }
  return end;
}
