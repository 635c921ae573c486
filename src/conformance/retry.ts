import type { EventListener, RunEvent } from '../model/event.ts';
import type { Outcome } from '../model/outcome.ts';
import type { Job } from './plan.ts';

type Finished = Extract<RunEvent, { readonly type: 'case-finished' }>;

/** What came of each case so far, for asking again those that did not pass. */
export class OutcomesSoFar {
  readonly #emit: EventListener;
  readonly #last = new Map<string, Finished>();

  constructor(emit: EventListener) {
    this.#emit = emit;
  }

  readonly emit: EventListener = (event) => {
    if (event.type === 'case-finished') this.#last.set(keyOf(event.target, event.caseId), event);
    this.#emit(event);
  };

  /** Of a retry: a pass after a failure is told as flaky, and anything else than a pass changes nothing. */
  readonly emitRetry: EventListener = (event) => {
    if (event.type !== 'case-finished') {
      this.#emit(event);
      return;
    }
    const { target, caseId } = event;
    const earlier = this.#last.get(keyOf(target, caseId));
    if (event.outcome.status !== 'passed' || earlier === undefined) return;
    const message = `${caseId} passed only when it was asked again; before, it was ${told(earlier.outcome)}`;
    this.#emit({ type: 'warned', warning: { kind: 'flaky', message, target, subject: caseId } });
    this.emit({ ...event, flaky: true });
  };

  /** Those that did not pass, the runtime being alive: one that killed it is not given a second try. */
  worthRetrying(jobs: readonly Job[]): readonly Job[] {
    return jobs.filter(({ target, declaration }) => {
      const status = this.#last.get(keyOf(target, declaration.id))?.outcome.status;
      return status === 'failed' || status === 'errored' || status === 'timed-out';
    });
  }
}

function keyOf(target: string, caseId: string): string {
  return `${target} ${caseId}`;
}

function told(outcome: Outcome): string {
  return 'message' in outcome ? `${outcome.status}: ${outcome.message}` : outcome.status;
}
