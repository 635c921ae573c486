import type { Round } from '../model/workload.ts';
import { median } from '../statistics/median.ts';

/** What a round reported of its workload's measures. */
export class Measures {
  readonly #values: ReadonlyMap<string, number[]>;

  /** @param begun what the round's beginning reported already */
  constructor(names: readonly string[], begun?: Measures) {
    this.#values = new Map(
      names.map((name) => [name, begun === undefined ? [] : [...(begun.#values.get(name) ?? [])]]),
    );
  }

  /** @throws Error when the workload does not declare the measure, or when it is not a number that can be told */
  readonly report = (name: string, value: number): void => {
    const values = this.#values.get(name);
    if (values === undefined) throw new Error(`the workload measures '${name}' but does not declare it`);
    if (!Number.isFinite(value)) throw new Error(`'${name}' came out as ${String(value)}, which is no figure`);
    values.push(value);
  };

  /** The figures of the round: of each measure that was reported, the median. */
  get figures(): Round['measures'] {
    return [...this.#values].flatMap(([name, values]) =>
      values.length === 0 ? [] : [{ name, value: median(values) }],
    );
  }
}
