import type { CriClient } from '../cri/client.ts';
import { CriError } from '../cri/error.ts';
import { criErrorOf } from './recorder.ts';

/** How long a runtime that left a call unanswered may take to prove that it lives. */
const proofOfLifeMs = 3_000;

/** Whether the runtime answers at all. */
export async function lives(cri: CriClient): Promise<boolean> {
  try {
    await cri.runtime.version({}, { deadlineMs: proofOfLifeMs });
    return true;
  } catch (error) {
    if (error instanceof CriError) return false;
    throw error;
  }
}

/** A call that ended without any word from the runtime; a runtime that lives may answer with these codes, too. */
export function wasUnanswered(error: unknown): boolean {
  const code = criErrorOf(error)?.code;
  return code === 'Unavailable' || code === 'DeadlineExceeded';
}
