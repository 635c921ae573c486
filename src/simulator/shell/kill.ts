import { signalNumber } from '../signal-number.ts';

/**
 * kill [-SIGNAL | -s SIGNAL] PID...
 * @throws Error when there is no such signal, or no such process.
 */
export function kill(
  [first = '', ...others]: readonly string[],
  send: (pid: number, signal: number) => boolean,
): number {
  const [name, pids] =
    first === '-s'
      ? [others[0] ?? '', others.slice(1)]
      : first.startsWith('-')
        ? [first.slice(1), others]
        : ['TERM', [first, ...others]];
  const signal = signalNumber(name);
  if (signal === undefined) throw new Error(`${name}: invalid signal specification`);
  const missing = pids.filter((pid) => !send(Number(pid), signal));
  if (missing.length > 0) throw new Error(`can't kill pid ${missing.join(', ')}: No such process`);
  return 0;
}
