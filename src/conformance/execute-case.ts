import type { CriClient } from '../cri/client.ts';
import { Transcript } from '../cri/transcript.ts';
import type { Case } from '../kit/case.ts';
import { Created } from '../kit/created.ts';
import { Expect } from '../kit/expect.ts';
import { Given } from '../kit/given.ts';
import { Ledger } from '../kit/ledger.ts';
import type { SharedPod } from '../kit/shared-pod.ts';
import type { TargetContext } from '../kit/target-context.ts';
import type { Outcome } from '../model/outcome.ts';
import { endedBy } from './ended-by.ts';
import { foreignInterference, outcomeOf } from './outcome-of.ts';

/** A case that was asked once. */
export interface Execution {
  readonly outcome: Outcome;
  readonly durationNs: number;
  /** Keys of the expectations that were asked, the failing one last. */
  readonly asked: readonly string[];
  /** What clean-up left although the case has a verdict of its own. */
  readonly leftBehind: readonly string[];
  /** A call ended without any answer from the runtime: it may be dead. */
  readonly unanswered: boolean;
}

/** After an interruption everything of the case must be gone within the 5 s that the command line promises. */
const interruptedRemovalMs = 4_000;

/**
 * Asks one case of one target and removes what it made, on every path.
 * @param interrupted ends the case early; what it made is removed all the same
 * @param sharedPod for cases that can do with one; without it each has pods of its own
 */
export async function executeCase(
  { declaration, run }: Case,
  target: TargetContext,
  client: CriClient,
  observe: (key: string, value: unknown) => void,
  interrupted: AbortSignal,
  sharedPod?: SharedPod,
): Promise<Execution> {
  const startedAt = process.hrtime.bigint();
  const scope = `${declaration.id.replaceAll('/', '.')}-${startedAt.toString(36)}`;
  const transcript = new Transcript();
  const created = new Created(target, scope);
  const timeUp = AbortSignal.timeout(declaration.timeoutMs);
  const signal = AbortSignal.any([timeUp, interrupted]);
  let unanswered = false;
  const watched = client.observedBy((call) => {
    if ('error' in call && call.error.code === 'Unavailable') unanswered = true;
  });
  const observed = watched.observedBy((call) => {
    transcript.add(call);
    created.observe(call);
  });
  const cri = endedBy(observed, signal);
  const lend = sharedPod && (() => sharedPod.lend(watched, signal));
  const given = new Given(cri, target, Ledger.join(target.runId), scope, signal, declaration.images, lend);

  const expect = new Expect(signal, target.patience);
  let outcome: Outcome = { status: 'passed' };
  try {
    await run({ given, cri, expect, observe, target, signal });
  } catch (error) {
    const entries = transcript.toJson();
    if (interrupted.aborted) outcome = { status: 'not-run', reason: 'the run was interrupted' };
    else if (timeUp.aborted)
      outcome = { status: 'timed-out', timeoutMs: declaration.timeoutMs, message: String(error), transcript: entries };
    else outcome = outcomeOf(error, entries);
  }
  if (outcome.status !== 'passed' && outcome.status !== 'not-run') {
    const shared = sharedPod?.lentPodId;
    const podIds = [...created.untouchedPodIds, ...(shared === undefined ? [] : [shared])];
    outcome = (await foreignInterference(watched, target, podIds, outcome)) ?? outcome;
  }
  const removal = interrupted.aborted ? AbortSignal.timeout(interruptedRemovalMs) : undefined;
  const leftInShared = await sharedPod?.takeBack(watched, outcome.status === 'passed', removal);
  let leftBehind = [...(await created.remove(watched, removal)), ...(leftInShared ?? [])];
  if (outcome.status === 'passed' && leftBehind.length > 0) {
    const message = leftBehind.join('; ');
    leftBehind = [];
    outcome = { status: 'errored', phase: 'teardown', message, transcript: transcript.toJson() };
  }
  const durationNs = Number(process.hrtime.bigint() - startedAt);
  return { outcome, durationNs, asked: [...expect.asked], leftBehind, unanswered };
}
