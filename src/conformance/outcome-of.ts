import type { CriClient } from '../cri/client.ts';
import { CriError } from '../cri/error.ts';
import { PodSandboxState } from '../cri/messages.ts';
import { ExpectationFailed } from '../kit/expect.ts';
import { SetupError } from '../kit/setup.ts';
import type { TargetContext } from '../kit/target-context.ts';
import { messageOf } from '../model/error.ts';
import type { Outcome, TranscriptEntry } from '../model/outcome.ts';
import { plainData } from './plain-data.ts';

/** What a thrown error makes of a case: only an expectation of the body is a verdict about the runtime. */
export function outcomeOf(error: unknown, transcript: TranscriptEntry[]): Outcome {
  if (error instanceof ExpectationFailed) {
    const { key, message, expected, actual, evidence } = error;
    return {
      status: 'failed',
      key,
      message,
      expected: plainData(expected),
      actual: plainData(actual),
      evidence: [...evidence],
      transcript,
    };
  }
  const phase = error instanceof SetupError ? 'setup' : 'body';
  return { status: 'errored', phase, message: messageOf(error), transcript };
}

/**
 * A case that did not pass while another client is at work on the runtime, and one of whose pods was stopped although nobody
 * here asked for it: that says nothing about the runtime (a kubelet stops every sandbox that it does not know).
 */
export async function foreignInterference(
  cri: CriClient,
  target: TargetContext,
  podSandboxIds: readonly string[],
  outcome: Outcome,
): Promise<Outcome | undefined> {
  if (!target.foreignClients || !('transcript' in outcome)) return undefined;
  for (const podSandboxId of podSandboxIds) {
    try {
      const { status } = await cri.runtime.podSandboxStatus({ podSandboxId }, { deadlineMs: 5_000 });
      if (status?.state === PodSandboxState.SANDBOX_READY) continue;
    } catch (error) {
      if (!(error instanceof CriError) || error.code !== 'NotFound') continue;
    }
    const message = `the pod sandbox ${podSandboxId} was stopped by another client of this runtime; without it: ${outcome.status}`;
    return { status: 'errored', phase: 'foreign-interference', message, transcript: outcome.transcript };
  }
  return undefined;
}
