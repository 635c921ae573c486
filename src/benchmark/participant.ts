import { setMaxListeners } from 'node:events';
import { connect, type CriClient } from '../cri/client.ts';
import { ConnectError } from '../cri/connect-error.ts';
import { CriError } from '../cri/error.ts';
import { Created } from '../kit/created.ts';
import { Given } from '../kit/given.ts';
import { Ledger } from '../kit/ledger.ts';
import type { TargetContext } from '../kit/target-context.ts';
import type { Workload } from '../kit/workload.ts';
import { messageOf } from '../model/error.ts';
import { lives, measure, type Drive, type Scope, type Visit } from './visit.ts';

/** An interruption comes in three steps, so that most of what is under way removes itself. */
export interface Interruption {
  /** Nothing new is begun. */
  readonly requested: AbortSignal;
  /** A while later: calls in flight are cancelled. */
  readonly callsOver: AbortSignal;
  /** In the end: what has not been removed is left to the ledger. */
  readonly removalOver: AbortSignal;
}

/**
 * One target's part in one workload, over all its rounds. Every visit has a connection and a scope of its own, and removes
 * what its iterations left behind after the last clock has stopped; what could not be removed is tried again later.
 */
export class Participant {
  readonly target: TargetContext;
  readonly #workload: Workload;
  readonly #interruption: Interruption;
  #prepared: Created | undefined;
  #leftBehind: readonly Created[] = [];
  #visits = 0;

  constructor(workload: Workload, target: TargetContext, interruption: Interruption) {
    this.#workload = workload;
    this.target = target;
    this.#interruption = interruption;
  }

  /** Prepares the workload unless that was done, and measures one round. */
  async visit(drive: Drive): Promise<Visit> {
    const connected = await this.#withClient(async (client) => {
      await this.#removeLeftBehind(client);
      return (await this.#prepare(client)) ?? (await this.#measure(client, drive));
    }, this.#interruption.requested);
    if (this.#interruption.requested.aborted) return { kind: 'interrupted' };
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
    const connected = await this.#withClient(
      (client) => this.#removeLeftBehind(client),
      this.#interruption.removalOver,
    );
    return connected.ok ? connected.value : [`what was made could not be removed: ${connected.problem}`];
  }

  async #prepare(client: CriClient): Promise<Visit | undefined> {
    if (this.#prepared !== undefined || this.#workload.prepare === undefined) return undefined;
    const { created, scope } = this.#scope(client, 'prepare');
    try {
      await this.#workload.prepare(scope.context);
      this.#prepared = created;
      return undefined;
    } catch (error) {
      this.#leftBehind = [...this.#leftBehind, created];
      if (this.#interruption.requested.aborted) return { kind: 'interrupted' };
      return (await lives(client)) ? { kind: 'unprepared', error } : { kind: 'lost', problem: messageOf(error) };
    }
  }

  async #measure(client: CriClient, drive: Drive): Promise<Visit> {
    const { created, scope } = this.#scope(client, String(this.#visits++));
    this.#leftBehind = [...this.#leftBehind, created];
    const visit = await measure(this.#workload, scope, drive);
    // A dead runtime has nothing to remove from; the next visit may find it alive again.
    if (visit.kind !== 'lost') await this.#removeLeftBehind(client);
    return visit;
  }

  #scope(client: CriClient, part: string): { readonly created: Created; readonly scope: Scope } {
    const name = `${this.#workload.declaration.id}-${part}-${process.hrtime.bigint().toString(36)}`;
    const created = new Created(this.target, name);
    const cri = client.observedBy(created.observe);
    const runtimeGone = new AbortController();
    const noMore = AbortSignal.any([this.#interruption.requested, runtimeGone.signal]);
    const signal = AbortSignal.any([this.#interruption.callsOver, runtimeGone.signal]);
    // Every call in flight listens to it.
    setMaxListeners(0, signal);
    const given = new Given(cri, this.target, Ledger.join(this.target.runId), name, signal);
    return { created, scope: { context: { given, cri, target: this.target, signal }, runtimeGone, noMore } };
  }

  async #removeLeftBehind(client: CriClient): Promise<readonly string[]> {
    const still: Created[] = [];
    const problems: string[] = [];
    for (const created of this.#leftBehind) {
      const found = await created.remove(client, this.#interruption.removalOver);
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
