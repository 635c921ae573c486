import { signalNumber } from '../signal-number.ts';

/**
 * kill [-SIGNAL | -s SIGNAL] PID...
 * @throws Error when there is no such signal.
 */
export function parseKill([first = '', ...others]: readonly string[]): {
  readonly signal: number;
  readonly pids: readonly string[];
} {
  const [name, pids] =
    first === '-s'
      ? [others[0] ?? '', others.slice(1)]
      : first.startsWith('-')
        ? [first.slice(1), others]
        : ['TERM', [first, ...others]];
  const signal = signalNumber(name);
  if (signal === undefined) throw new Error(`${name}: invalid signal specification`);
  return { signal, pids };
}
