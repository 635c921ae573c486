import { constants } from 'node:os';
import { Signal } from '../cri/messages.ts';

export const SIGKILL = constants.signals.SIGKILL;
export const SIGTERM = constants.signals.SIGTERM;

/** Real-time signals of Linux, as the C library counts them. */
const realTimeMin = 34;
const realTimeMax = 64;

const standard: Readonly<Partial<Record<string, number>>> = constants.signals;

/** The number of a signal given as `TERM`, `SIGTERM`, `RTMIN+3` or `15`; undefined when there is no such signal. */
export function signalNumber(name: string): number | undefined {
  if (/^\d{1,2}$/.test(name)) return Number(name) <= realTimeMax ? Number(name) : undefined;
  const short = name.toUpperCase().replace(/^SIG/, '');
  const realTime = /^RT(?<edge>MIN|MAX)(?:[+-](?<distance>\d{1,2}))?$/.exec(short)?.groups;
  if (realTime) {
    const distance = Number(realTime['distance'] ?? 0);
    return realTime['edge'] === 'MIN' ? realTimeMin + distance : realTimeMax - distance;
  }
  return standard[`SIG${short}`];
}

/** The number of a CRI signal: SIGTERM is 15, SIGRTMINPLUS3 is 37; undefined for RUNTIME_DEFAULT. */
export function numberOfSignal(signal: Signal): number | undefined {
  const name = Signal[signal]
    ?.replace(/^SIGNAL_/, '')
    .replace('PLUS', '+')
    .replace('MINUS', '-');
  return name === undefined ? undefined : signalNumber(name);
}

/** The CRI signal with that number, RUNTIME_DEFAULT when there is none. */
export function signalWithNumber(number: number): Signal {
  for (let signal = Signal.SIGABRT; signal <= Signal.SIGRTMAX; signal += 1) {
    if (numberOfSignal(signal) === number) return signal;
  }
  return Signal.RUNTIME_DEFAULT;
}
