import { createHash, randomBytes } from 'node:crypto';
import { absolute } from '../surroundings.ts';
import type { CommandCall, Commands } from './command.ts';
import { Input } from './input.ts';
import { unescaped } from './text.ts';

const binaryUnit: Readonly<Record<string, number>> = { '': 1, b: 512, k: 1024, K: 1024, m: 1024 ** 2, M: 1024 ** 2 };

/** The programs that read: standard input as it comes, or files. */
export const filters: Commands = {
  /** cat [FILE]..., `-` for standard input */
  cat: async (call) => {
    const { parameters, streams, life } = call;
    for (const path of parameters.length === 0 ? ['-'] : parameters) {
      const input = inputOf(path, call);
      for (let piece = await input.next(life); piece; piece = await input.next(life)) streams.output(piece);
    }
    return 0;
  },

  /** head -c COUNT[kM] [FILE], head -n COUNT [FILE]; of /dev/zero and /dev/urandom with -c only */
  head: async (call) => {
    const { parameters, streams, life } = call;
    const [option, count, path] = parameters[0]?.startsWith('-') === true ? parameters : ['-n', '10', ...parameters];
    const size = byteCount(count ?? '');
    if (option === '-c' && path === '/dev/zero') streams.output(Buffer.alloc(size));
    else if (option === '-c' && path === '/dev/urandom') streams.output(randomBytes(size));
    else if (option === '-c') streams.output(await inputOf(path ?? '-', call).upTo(size, life));
    else if (option === '-n') {
      const input = inputOf(path ?? '-', call);
      for (let line = 0; line < size; line += 1) {
        const text = await input.line(life);
        if (text.length === 0) break;
        streams.output(text);
      }
    } else throw new Error(`unrecognized option: ${option ?? ''}`);
    return 0;
  },

  /** tr SET1 SET2, both of the same length, and tr -d SET; bytes and backslash escapes, no ranges */
  tr: async ({ parameters: [from = '', to = ''], streams, life }) => {
    const deletes = from === '-d';
    const [source, target] = deletes ? [unescaped(to), Buffer.alloc(0)] : [unescaped(from), unescaped(to)];
    if (!deletes && source.length !== target.length) throw new Error('sets of different length are not known here');
    const table = Uint8Array.from({ length: 256 }, (_, byte) => target[source.lastIndexOf(byte)] ?? byte);
    for (let piece = await streams.input.next(life); piece; piece = await streams.input.next(life)) {
      streams.output(
        deletes
          ? piece.filter((byte) => !source.includes(byte))
          : Uint8Array.from(piece, (byte) => table[byte] ?? byte),
      );
    }
    return 0;
  },

  /** grep [-q] [-c] [-v] PATTERN [FILE], with a pattern of JavaScript's */
  grep: async (call) => {
    const options = call.parameters.filter((parameter) => /^-[qcv]+$/.test(parameter)).join('');
    const [pattern = '', path] = call.parameters.filter((parameter) => !/^-[qcv]+$/.test(parameter));
    const [input, expression] = [inputOf(path ?? '-', call), new RegExp(pattern)];
    let count = 0;
    for (let line = await input.line(call.life); line.length > 0; line = await input.line(call.life)) {
      const text = line.toString('latin1').replace(/\n$/, '');
      if (expression.test(text) === options.includes('v')) continue;
      count += 1;
      if (!/[qc]/.test(options)) call.streams.output(Buffer.from(`${text}\n`, 'latin1'));
    }
    if (options.includes('c')) call.streams.output(Buffer.from(`${String(count)}\n`));
    return count > 0 ? 0 : 1;
  },

  /** od -An -v -tx1 [FILE] */
  od: async (call) => {
    const path = call.parameters.find((parameter) => !parameter.startsWith('-'));
    const options = call.parameters.filter((parameter) => parameter.startsWith('-')).join(' ');
    if (options !== '-An -v -tx1') throw new Error('only -An -v -tx1 is known here');
    const content = await inputOf(path ?? '-', call).all(call.life);
    const lines: string[] = [];
    for (let at = 0; at < content.length; at += 16) {
      const hex = content.subarray(at, at + 16).toString('hex');
      lines.push(`${hex.replace(/../g, ' $&')}\n`);
    }
    call.streams.output(Buffer.from(lines.join('')));
    return 0;
  },

  /** wc -c [FILE], wc -l [FILE] */
  wc: async (call) => {
    const [option, path] = call.parameters;
    const content = await inputOf(path ?? '-', call).all(call.life);
    if (option !== '-c' && option !== '-l') throw new Error('only -c and -l are known here');
    const count = option === '-c' ? content.length : content.reduce((lines, byte) => lines + Number(byte === 10), 0);
    call.streams.output(Buffer.from(`${String(count)}${path === undefined ? '' : ` ${path}`}\n`));
    return 0;
  },

  /** sha256sum [FILE] */
  sha256sum: async (call) => {
    const path = call.parameters[0] ?? '-';
    const digest = createHash('sha256').update(await inputOf(path, call).all(call.life));
    call.streams.output(Buffer.from(`${digest.digest('hex')}  ${path}\n`));
    return 0;
  },
};

function inputOf(path: string, { streams, surroundings }: CommandCall): Input {
  return path === '-' ? streams.input : Input.of(surroundings.files.read(absolute(path, surroundings)));
}

function byteCount(text: string): number {
  const match = /^(\d+)([bkKmM]?)$/.exec(text);
  if (!match) throw new Error(`invalid number '${text}'`);
  return Number(match[1]) * (binaryUnit[match[2] ?? ''] ?? 1);
}
