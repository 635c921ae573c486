import { TargetError, UsageError, UserError } from '../model/error.ts';
import type { ExitReason } from '../model/result.ts';
import type { Shell } from './shell.ts';

/** Tells the user what went wrong and what to do next, and answers what to exit for. Only defects show a stack trace. */
export async function tellProblem(error: unknown, shell: Shell): Promise<ExitReason> {
  // What is thrown after Ctrl-C is what it interrupted.
  if (shell.signal.aborted) return 'interrupted';
  const { printable } = await import('./printable.ts');
  if (error instanceof UserError) {
    shell.note(`crible: ${printable(error.message)}`);
    if (error.advice !== '') shell.note(`  ${printable(error.advice)}`);
  } else {
    shell.note('crible itself failed, which is a defect of crible:');
    shell.note(printable(error instanceof Error ? (error.stack ?? error.message) : String(error)));
  }
  return reasonOf(error);
}

function reasonOf(error: unknown): ExitReason {
  if (error instanceof UsageError) return 'usage';
  if (error instanceof TargetError) return 'target';
  return 'defect';
}
