import type { Observation, ObservationDeclaration } from '../src/model/observation.ts';
import type { Result } from '../src/model/result.ts';
import { groupBy } from './group-by.ts';

type Stability = ObservationDeclaration['stability'];
type ObservedValue = Observation['value'];

/** One key on all targets; a cell is empty where the target showed nothing. */
export interface ObservationRow {
  readonly key: string;
  readonly meaning: string;
  readonly stability: Stability;
  readonly cells: readonly (readonly ObservedValue[])[];
  /** Never true for a key whose value varies between two runs of the same runtime. */
  readonly differs: boolean;
}

/** Key × target, differing keys first, the cells in the order of `result.targets`. */
export function observationRows(result: Result): readonly ObservationRow[] {
  const declarations = new Map(result.observationKeys.map((declaration) => [declaration.key, declaration]));
  const rows = [...groupBy(result.observations, ({ key }) => key)].map(([key, observed]): ObservationRow => {
    const declaration = declarations.get(key);
    const stability = declaration?.stability ?? 'exact';
    const cells = result.targets.map(({ name }) =>
      distinct(
        observed.filter(({ target }) => target === name).map(({ value }) => value),
        stability,
      ),
    );
    return { key, meaning: declaration?.meaning ?? '', stability, cells, differs: differ(cells, stability) };
  });
  return rows.toSorted((a, b) => Number(b.differs) - Number(a.differs) || (a.key < b.key ? -1 : 1));
}

function differ(cells: readonly (readonly ObservedValue[])[], stability: Stability): boolean {
  if (stability === 'range') return false;
  const shown = cells.filter((values) => values.length > 0);
  return new Set(shown.map((values) => values.map((value) => comparable(value, stability)).join('\n'))).size > 1;
}

function distinct(values: readonly ObservedValue[], stability: Stability): readonly ObservedValue[] {
  return [...new Map(values.map((value) => [comparable(value, stability), value])).entries()]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([, value]) => value);
}

/** Equal texts for values that count as equal: keys in any order, and items in any order where the key is a set. */
function comparable(value: ObservedValue, stability: Stability): string {
  const whole = canonical(value);
  const items =
    stability === 'set' && Array.isArray(whole) ? whole.toSorted((a, b) => (text(a) < text(b) ? -1 : 1)) : whole;
  return text(items);
}

function canonical(value: ObservedValue): ObservedValue {
  if (Array.isArray(value)) return value.map(canonical);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, inner]) => [key, canonical(inner)]));
}

function text(value: ObservedValue): string {
  return JSON.stringify(value);
}
