import { messageOf } from '../model/error.ts';

/**
 * How option values are read. yargs hands a value that was given several times over as a list, and tells the message of
 * what a reader throws, so that message must name the option.
 */
export function once<T>(option: string, read: (text: string) => T): (given: unknown) => T {
  return (given) => {
    if (typeof given !== 'string') throw new Error(`--${option} is given more than once`);
    if (given.trim() === '') throw new Error(`--${option} is empty`);
    try {
      return read(given);
    } catch (error) {
      throw new Error(`--${option}: ${messageOf(error)}`, { cause: error });
    }
  };
}

export function wholeNumber(option: string, least: number): (given: unknown) => number {
  return once(option, (given) => readWholeNumber(given, least));
}

/** @throws Error on anything but decimal digits, and on less than the least */
export function readWholeNumber(given: string, least: number): number {
  const number = Number(given);
  if (/^\d+$/.test(given) && Number.isSafeInteger(number) && number >= least) return number;
  throw new Error(`'${given}' is not a whole number from ${String(least)} on`);
}

export function text(option: string): (given: unknown) => string {
  return once(option, (given) => given);
}
