/**
 * What a user is told when crible cannot do as asked: what happened, and what to do next.
 * Only these are printed without a stack trace; everything else that is thrown is a defect of crible (exit code 5).
 */
export class UserError extends Error {
  /** What to do next, one sentence or command; empty when the message says it all. */
  readonly advice: string;

  constructor(message: string, advice = '', options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
    this.advice = advice;
  }
}

/** Wrong command line, configuration or file given by the user: exit code 2. */
export class UsageError extends UserError {}

/** A target that cannot be reached, or died: exit code 3. */
export class TargetError extends UserError {}

/** The message of anything thrown, without its stack. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
