import { UsageError } from '../model/error.ts';
import { closest } from '../model/glob.ts';
import type { Breaks, Fault } from './fault.ts';
import { containerFaults } from './table/container.ts';
import { execFaults } from './table/exec.ts';
import { imageFaults } from './table/image.ts';
import { logFaults } from './table/log.ts';
import { podSandboxFaults } from './table/pod-sandbox.ts';
import { serverFaults } from './table/server.ts';
import { statusFaults } from './table/status.ts';
import { unansweredFaults } from './table/unanswered.ts';

/** Every fault, by area. */
export const faults: readonly Fault[] = [
  ...serverFaults,
  ...statusFaults,
  ...podSandboxFaults,
  ...containerFaults,
  ...execFaults,
  ...logFaults,
  ...imageFaults,
  ...unansweredFaults,
];

/**
 * What a fault does, by its name and arguments.
 * @throws UsageError naming the closest faults, or what the arguments mean
 */
export function prepareFault(name: string, args: readonly string[]): Breaks {
  const fault = faults.find((one) => one.name === name);
  if (fault !== undefined) return fault.prepare(args);
  const names = faults.map((one) => one.name);
  throw new UsageError(
    `there is no fault '${name}'`,
    `the closest are: ${closest(name, names).join(', ')}; crible list faults names them all`,
  );
}

/** What a fault breaks, for readers of a result. */
export function promiseBrokenBy(name: string): string {
  return faults.find((one) => one.name === name)?.breaks ?? '';
}
