import { setImmediate as turn, setTimeout as delay } from 'node:timers/promises';
import { longestTimerMs } from '../ends-within.ts';
import { absolute } from '../surroundings.ts';
import type { Commands } from './command.ts';
import { filters } from './filters.ts';
import { networkCommands } from './network-commands.ts';
import { terminalCommands } from './terminal-commands.ts';
import { holds, integer } from './test-expression.ts';
import { formatted, unescaped } from './text.ts';

const unitMs: Readonly<Record<string, number>> = { '': 1000, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/**
 * The programs that every simulated container has on its PATH, each with the part of its real counterpart's options
 * that is written here.
 */
export const commands: Commands = {
  ...filters,
  ...terminalCommands,
  ...networkCommands,

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

  /** yes [WORD]... */
  yes: async ({ parameters, streams, life }) => {
    const line = Buffer.from(`${parameters.length === 0 ? 'y' : parameters.join(' ')}\n`);
    const lines = Buffer.concat(Array.from({ length: Math.ceil(4096 / line.length) }, () => line));
    for (;;) {
      streams.output(lines);
      await turn(undefined, { signal: life });
    }
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

  /** mv FILE FILE */
  mv: ({ parameters: [from = '', to = ''], surroundings }) => {
    const { files } = surroundings;
    const content = files.read(absolute(from, surroundings));
    files.truncate(absolute(to, surroundings));
    files.append(absolute(to, surroundings), content);
    files.remove(absolute(from, surroundings));
    return 0;
  },

  /** Folders always exist. */
  mkdir: () => 0,

  /** touch FILE... */
  touch: ({ parameters, surroundings }) => {
    for (const path of parameters) surroundings.files.append(absolute(path, surroundings), Buffer.alloc(0));
    return 0;
  },

  test: ({ parameters, surroundings, terminal }) => (holds(parameters, surroundings, terminal) ? 0 : 1),
  '[': ({ parameters, surroundings, terminal }) => {
    if (parameters.at(-1) !== ']') throw new Error('missing ]');
    return holds(parameters.slice(0, -1), surroundings, terminal) ? 0 : 1;
  },
};

function sleepMs(text: string): number {
  if (text === 'infinity' || text === 'inf') return longestTimerMs;
  const match = /^(\d+(?:\.\d+)?)([smhd]?)$/.exec(text);
  const unit = unitMs[match?.[2] ?? ''];
  if (!match || unit === undefined) throw new Error(`invalid number '${text}'`);
  return Number(match[1]) * unit;
}
