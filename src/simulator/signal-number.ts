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
  // A client may send a number that this version of the CRI has no name for.
  const name = Object.hasOwn(Signal, signal) ? Signal[signal] : '';
  return signalNumber(name.replace('PLUS', '+').replace('MINUS', '-'));
}

/** The CRI signal with that number, the first where several names stand for one, RUNTIME_DEFAULT where none does. */
export function signalWithNumber(number: number): Signal {
  const signals = Object.values(Signal).filter((value) => typeof value !== 'string');
  return signals.find((signal) => numberOfSignal(signal) === number) ?? Signal.RUNTIME_DEFAULT;
}
