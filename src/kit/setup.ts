import { CriError } from '../cri/error.ts';
import { messageOf } from '../model/error.ts';

/** Something a case needed before it could ask its question did not work: the case is `errored`, not `failed`. */
export class SetupError extends Error {
  constructor(step: string, cause: unknown) {
    super(`${step}: ${messageOf(cause)}`, { cause });
    this.name = 'SetupError';
  }
}

/**
 * A step that a case takes for granted.
 * @throws SetupError; CriError Unavailable as it is, for a runtime that is gone is judged elsewhere
 */
export async function inSetup<T>(step: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof SetupError || (error instanceof CriError && error.code === 'Unavailable')) throw error;
    throw new SetupError(step, error);
  }
}
