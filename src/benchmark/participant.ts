import type { CriClient } from '../cri/client.ts';
import type { Created } from '../kit/created.ts';
import type { TargetContext } from '../kit/target-context.ts';
import type { Workload } from '../kit/workload.ts';
import { messageOf } from '../model/error.ts';
import { connected } from './connection.ts';
import type { Drive } from './lap.ts';
import { lives } from './lives.ts';
import type { Population } from './population.ts';
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

  constructor(workload: Workload, target: TargetContext, interruption: Interruption, population: Population) {
    this.#workload = workload;
    this.target = target;
    this.#interruption = interruption;
    this.#population = population;
  }

  /** Prepares the workload and makes idle pods, unless that was done, and measures one round. */
  async visit(drive: Drive): Promise<Visit> {
    const { requested } = this.#interruption;
    const result = await connected(this.target, requested, async (client) => {
      await this.#removeLeftBehind(client);
      return (await this.#makeReady(client, drive)) ?? (await this.#measure(client, drive));
    });
    if (requested.aborted) return { kind: 'interrupted' };
    const visit: Visit = result.ok ? result.value : { kind: 'lost', problem: result.problem };
    if (visit.kind === 'lost') this.#population.doubt();
    return visit;
  }

  /**
   * Removes what the workload was prepared with and what earlier visits left.
   * @returns what is still there, in sentences
   */
  async leave(): Promise<readonly string[]> {
    if (this.#prepared !== undefined) this.#leftBehind = [...this.#leftBehind, this.#prepared];
    this.#prepared = undefined;
    if (this.#leftBehind.length === 0) return [];
    const { removalOver } = this.#interruption;
    const result = await connected(this.target, removalOver, (client) => this.#removeLeftBehind(client));
    return result.ok ? result.value : [`what was made could not be removed: ${result.problem}`];
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
}
