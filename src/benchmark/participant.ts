import { setMaxListeners } from 'node:events';
import { connect, type CriClient } from '../cri/client.ts';
import { ConnectError } from '../cri/connect-error.ts';
import { CriError } from '../cri/error.ts';
import { Created } from '../kit/created.ts';
import { Given } from '../kit/given.ts';
import { Ledger } from '../kit/ledger.ts';
import type { TargetContext } from '../kit/target-context.ts';
import type { Workload, WorkloadContext } from '../kit/workload.ts';
import { messageOf } from '../model/error.ts';
import { lives, measure, type Drive, type Visit } from './visit.ts';

/** What one visit, or the preparation, has to itself. */
interface Scope {
  readonly created: Created;
  readonly context: WorkloadContext;
  /** Ends the context's signal as an interruption does. */
  readonly runtimeGone: AbortController;
}

/**
 * One target's part in one workload, over all its rounds. Every visit has a connection and a scope of its own, and removes
 * what its iterations left behind after the last clock has stopped; what could not be removed is tried again later.
 */
export class Participant {
  readonly target: TargetContext;
  readonly #workload: Workload;
  readonly #interrupted: AbortSignal;
  readonly #removal: AbortSignal;
  #prepared: Created | undefined;
  #leftBehind: readonly Created[] = [];
  #visits = 0;

  /** @param removal ends clean-up; aborts a while after `interrupted` did */
  constructor(workload: Workload, target: TargetContext, interrupted: AbortSignal, removal: AbortSignal) {
    this.#workload = workload;
    this.target = target;
    this.#interrupted = interrupted;
    this.#removal = removal;
  }

  /** Prepares the workload unless that was done, and measures one round. */
  async visit(drive: Drive): Promise<Visit> {
    const connected = await this.#withClient(async (client) => {
      await this.#removeLeftBehind(client);
      return (await this.#prepare(client)) ?? (await this.#measure(client, drive));
    }, this.#interrupted);
    if (this.#interrupted.aborted) return { kind: 'interrupted' };
    return connected.ok ? connected.value : { kind: 'lost', problem: connected.problem };
  }

  /**
   * Removes what the workload was prepared with and what earlier visits left.
   * @returns what is still there, in sentences
   */
  async leave(): Promise<readonly string[]> {
    if (this.#prepared !== undefined) this.#leftBehind = [...this.#leftBehind, this.#prepared];
    this.#prepared = undefined;
    if (this.#leftBehind.length === 0) return [];
    const connected = await this.#withClient((client) => this.#removeLeftBehind(client), this.#removal);
    return connected.ok ? connected.value : [`what was made could not be removed: ${connected.problem}`];
  }

  async #prepare(client: CriClient): Promise<Visit | undefined> {
    if (this.#prepared !== undefined || this.#workload.prepare === undefined) return undefined;
    const { created, context } = this.#scope(client, 'prepare');
    try {
      await this.#workload.prepare(context);
      this.#prepared = created;
      return undefined;
    } catch (error) {
      this.#leftBehind = [...this.#leftBehind, created];
      if (this.#interrupted.aborted) return { kind: 'interrupted' };
      return (await lives(client)) ? { kind: 'unprepared', error } : { kind: 'lost', problem: messageOf(error) };
    }
  }

  async #measure(client: CriClient, drive: Drive): Promise<Visit> {
    const { created, context, runtimeGone } = this.#scope(client, String(this.#visits++));
    this.#leftBehind = [...this.#leftBehind, created];
    const visit = await measure(this.#workload, context, drive, runtimeGone);
    // A dead runtime has nothing to remove from; the next visit may find it alive again.
    if (visit.kind !== 'lost') await this.#removeLeftBehind(client);
    return visit;
  }

  #scope(client: CriClient, part: string): Scope {
    const scope = `${this.#workload.declaration.id}-${part}-${process.hrtime.bigint().toString(36)}`;
    const created = new Created(this.target, scope);
    const cri = client.observedBy(created.observe);
    const runtimeGone = new AbortController();
    const signal = AbortSignal.any([this.#interrupted, runtimeGone.signal]);
    // Every call in flight listens to it.
    setMaxListeners(0, signal);
    const given = new Given(cri, this.target, Ledger.join(this.target.runId), scope, signal);
    return { created, context: { given, cri, target: this.target, signal }, runtimeGone };
  }

  async #removeLeftBehind(client: CriClient): Promise<readonly string[]> {
    const still: Created[] = [];
    const problems: string[] = [];
    for (const created of this.#leftBehind) {
      const found = await created.remove(client, this.#removal);
      if (found.length > 0) still.push(created);
      problems.push(...found);
    }
    this.#leftBehind = still;
    return problems;
  }

  async #withClient<T>(
    work: (client: CriClient) => Promise<T>,
    signal: AbortSignal,
  ): Promise<{ readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: string }> {
    const { endpoint, imageEndpoint, callTimeoutMs } = this.target;
    let client: CriClient;
    try {
      client = await connect(endpoint, { imageEndpoint, callTimeoutMs, signal });
    } catch (error) {
      if (!(error instanceof ConnectError || error instanceof CriError)) throw error;
      return { ok: false, problem: error.message };
    }
    try {
      return { ok: true, value: await work(client) };
    } finally {
      client.close();
    }
  }
}
