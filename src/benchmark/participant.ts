import { connect, type CriClient } from '../cri/client.ts';
import { ConnectError } from '../cri/connect-error.ts';
import { CriError } from '../cri/error.ts';
import type { Created } from '../kit/created.ts';
import type { TargetContext } from '../kit/target-context.ts';
import type { Workload } from '../kit/workload.ts';
import { messageOf } from '../model/error.ts';
import type { Drive } from './lap.ts';
import { lives } from './lives.ts';
import { Population } from './population.ts';
import { forOneConnection, newLot, openScope, type Interruption } from './scope.ts';
import { measure, type Visit } from './visit.ts';

/**
 * One target's part in one workload, over all its rounds. Every visit has a connection and a scope of its own, and removes
 * what its iterations left behind after the last clock has stopped; what could not be removed is tried again later.
 */
export class Participant {
  readonly target: TargetContext;
  readonly #workload: Workload;
  readonly #interruption: Interruption;
  readonly #population: Population;
  #prepared: Created | undefined;
  #leftBehind: readonly Created[] = [];
  #visits = 0;

  constructor(workload: Workload, target: TargetContext, interruption: Interruption) {
    this.#workload = workload;
    this.target = target;
    this.#interruption = interruption;
    this.#population = new Population(target, workload.declaration.id, interruption);
  }

  /** Prepares the workload and makes its idle pods, unless that was done, and measures one round. */
  async visit(drive: Drive): Promise<Visit> {
    const connected = await this.#withClient(async (client) => {
      await this.#removeLeftBehind(client);
      return (await this.#makeReady(client, drive)) ?? (await this.#measure(client, drive));
    }, this.#interruption.requested);
    if (this.#interruption.requested.aborted) return { kind: 'interrupted' };
    const visit: Visit = connected.ok ? connected.value : { kind: 'lost', problem: connected.problem };
    if (visit.kind === 'lost') this.#population.doubt();
    return visit;
  }

  /**
   * Removes the idle pods, what the workload was prepared with and what earlier visits left.
   * @returns what is still there, in sentences
   */
  async leave(): Promise<readonly string[]> {
    if (this.#prepared !== undefined) this.#leftBehind = [...this.#leftBehind, this.#prepared];
    this.#prepared = undefined;
    if (this.#leftBehind.length === 0 && this.#population.isUnused) return [];
    const connected = await this.#withClient(async (client) => {
      if (!this.#population.isUnused) this.#leftBehind = [...this.#leftBehind, await this.#population.remove(client)];
      return await this.#removeLeftBehind(client);
    }, this.#interruption.removalOver);
    return connected.ok ? connected.value : [`what was made could not be removed: ${connected.problem}`];
  }

  /** @returns why no round can be measured, when it cannot */
  async #makeReady(client: CriClient, { load: { population = 0 } }: Drive): Promise<Visit | undefined> {
    try {
      await this.#prepare(client);
      await this.#population.grow(client, population);
      return undefined;
    } catch (error) {
      if (this.#interruption.requested.aborted) return { kind: 'interrupted' };
      return (await lives(client)) ? { kind: 'unprepared', error } : { kind: 'lost', problem: messageOf(error) };
    }
  }

  async #prepare(client: CriClient): Promise<void> {
    if (this.#prepared !== undefined || this.#workload.prepare === undefined) return;
    const lot = newLot(this.target, `${this.#workload.declaration.id}-prepare`);
    try {
      await this.#workload.prepare(openScope(client, this.target, this.#interruption, lot).context);
      this.#prepared = lot.created;
    } catch (error) {
      this.#leftBehind = [...this.#leftBehind, lot.created];
      throw error;
    }
  }

  async #measure(client: CriClient, drive: Drive): Promise<Visit> {
    const lot = newLot(this.target, `${this.#workload.declaration.id}-${String(this.#visits++)}`);
    this.#leftBehind = [...this.#leftBehind, lot.created];
    const visit = await measure(this.#workload, openScope(client, this.target, this.#interruption, lot), drive);
    // A dead runtime has nothing to remove from; the next visit may find it alive again.
    if (visit.kind !== 'lost') await this.#removeLeftBehind(client);
    return visit;
  }

  async #removeLeftBehind(client: CriClient): Promise<readonly string[]> {
    const still: Created[] = [];
    const problems: string[] = [];
    const signal = forOneConnection(this.#interruption.removalOver);
    for (const created of this.#leftBehind) {
      const found = await created.remove(client, signal);
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
      client = await connect(endpoint, { imageEndpoint, callTimeoutMs, transport: 'frames', signal });
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
