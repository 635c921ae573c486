import type { EventListener } from '../model/event.ts';
import type { Outcome } from '../model/outcome.ts';
import type { Job } from './plan.ts';

/** Makes a dead CRI server answer again, or waits until somebody else did; false when it stays dead. */
export type Revive = (endpoint: string) => Promise<boolean>;

/** Asks one case alone; answers its outcome when the runtime died of it once more. */
export type AskAlone = (job: Job, shard: number) => Promise<Outcome | undefined>;

interface Loss {
  readonly suspects: { readonly job: Job; readonly outcome: Outcome; readonly shard: number }[];
  readonly settled: Promise<void>;
}

/**
 * What to do when a runtime dies with several cases in flight: none of them is guilty yet. The runtime is brought back, the
 * suspects are asked again one by one, and only one that kills it again is `runtime-died`.
 */
export class EndpointWatch {
  readonly #revive: Revive;
  readonly #askAlone: AskAlone;
  readonly #emit: EventListener;
  /** Jobs in flight by endpoint, keyed by shard. */
  readonly #inFlight = new Map<string, Map<number, Job>>();
  readonly #losses = new Map<string, Loss>();
  readonly #gone = new Map<string, string>();

  constructor(revive: Revive, askAlone: AskAlone, emit: EventListener) {
    this.#revive = revive;
    this.#askAlone = askAlone;
    this.#emit = emit;
  }

  begun(job: Job, shard: number): void {
    const jobs = this.#inFlight.get(job.endpoint) ?? new Map<number, Job>();
    this.#inFlight.set(job.endpoint, jobs.set(shard, job));
  }

  ended(job: Job, shard: number): void {
    this.#inFlight.get(job.endpoint)?.delete(shard);
  }

  /** Why the endpoint's remaining jobs cannot be run; undefined while it is alive. */
  whyGone(endpoint: string): string | undefined {
    return this.#gone.get(endpoint);
  }

  /** Reports a case that the runtime left without an answer; resolves when the runtime is back and the case judged, or all is lost. */
  async lost(job: Job, outcome: Outcome, shard: number): Promise<void> {
    this.ended(job, shard);
    const suspect = { job, outcome, shard };
    const known = this.#losses.get(job.endpoint);
    if (known) {
      known.suspects.push(suspect);
      return known.settled;
    }
    const suspects = [suspect];
    const settled = this.#settle(job.endpoint, suspects).finally(() => this.#losses.delete(job.endpoint));
    this.#losses.set(job.endpoint, { suspects, settled });
    return settled;
  }

  async #settle(endpoint: string, suspects: Loss['suspects']): Promise<void> {
    await this.#othersNoticed(endpoint);
    const [only, ...others] = suspects;
    if (only === undefined) return;
    // Alone in flight, it needs no second trial.
    if (others.length === 0) this.#convict(only.job, only.outcome);
    if (!(await this.#back(endpoint, others.length === 0 ? [] : suspects))) return;
    if (others.length === 0) return;
    // Whoever notices late joins while the first ones are asked again.
    for (let next = suspects.shift(); next !== undefined; next = suspects.shift()) {
      const outcome = await this.#askAlone(next.job, next.shard);
      if (outcome === undefined) continue;
      this.#convict(next.job, outcome);
      if (!(await this.#back(endpoint, suspects))) return;
    }
  }

  /** Other cases in flight fail within moments once the server is gone; what has not by then is not waiting for an answer. */
  async #othersNoticed(endpoint: string): Promise<void> {
    const deadline = performance.now() + 5_000;
    while ((this.#inFlight.get(endpoint)?.size ?? 0) > 0 && performance.now() < deadline) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  async #back(endpoint: string, suspects: readonly { readonly job: Job }[]): Promise<boolean> {
    if (await this.#revive(endpoint)) {
      const message = `the runtime at ${endpoint} died and came back; the cases in flight were asked again one by one`;
      this.#emit({ type: 'warned', warning: { kind: 'runtime-restarted', message } });
      return true;
    }
    const problem = `the runtime at ${endpoint} died and did not come back`;
    this.#gone.set(endpoint, problem);
    for (const { job } of suspects) {
      this.#finish(job, {
        status: 'errored',
        phase: 'body',
        message: `${problem}; several cases were in flight`,
        transcript: [],
      });
    }
    return false;
  }

  #convict(job: Job, outcome: Outcome): void {
    const message = 'message' in outcome ? outcome.message : 'the runtime stopped answering';
    const transcript = 'transcript' in outcome ? outcome.transcript : [];
    this.#finish(job, { status: 'runtime-died', message, transcript });
  }

  #finish(job: Job, outcome: Outcome): void {
    this.#emit({
      type: 'case-finished',
      caseId: job.declaration.id,
      target: job.target,
      outcome,
      durationNs: 0,
      asked: [],
    });
  }
}
