const durationUnits = [
  { name: 'ns', ns: 1 },
  { name: 'µs', ns: 1e3 },
  { name: 'ms', ns: 1e6 },
  { name: 's', ns: 1e9 },
] as const;
export type DurationUnit = (typeof durationUnits)[number];

/** Figures that stand under each other share the unit that suits the smallest of them. */
export function durationUnit(valuesNs: readonly number[]): DurationUnit {
  const smallestNs = Math.min(...valuesNs.filter((valueNs) => valueNs > 0));
  return durationUnits.findLast(({ ns }) => smallestNs >= ns && Number.isFinite(smallestNs)) ?? durationUnits[0];
}

/** Three significant digits, never less than the whole ones: `1,235 ms`, `88.2 ms`, `0.912 ms`; long ones as `3 min 34 s`. */
export function formatDuration(valueNs: number, unit?: DurationUnit): string {
  if (!unit) {
    const wholeSeconds = Math.round(valueNs / 1e9);
    if (wholeSeconds >= 120) return `${String(Math.floor(wholeSeconds / 60))} min ${String(wholeSeconds % 60)} s`;
    return formatDuration(valueNs, durationUnit([valueNs]));
  }
  return `${formatNumber(valueNs / unit.ns)} ${unit.name}`;
}

export function formatNumber(value: number): string {
  const options =
    Math.abs(value) >= 100 || Number.isInteger(value)
      ? { maximumFractionDigits: 0 }
      : { minimumSignificantDigits: 3, maximumSignificantDigits: 3 };
  return value.toLocaleString('en', options);
}

/** Binary multiples, as memory is sold: `23.4 GiB`. */
export function formatBytes(sizeBytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  const power = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log2(Math.max(1, sizeBytes)) / 10)));
  return `${formatNumber(sizeBytes / 1024 ** power)} ${units[power] ?? ''}`;
}

/** A ratio as a factor, two decimals. */
export function formatRatio(ratio: number): string {
  return ratio.toLocaleString('en', { minimumFractionDigits: 2, maximumFractionDigits: 2 });
}

/** `1 case`, `1,204 cases`. */
export function formatCount(count: number, singular: string, plural = `${singular}s`): string {
  return `${count.toLocaleString('en')} ${count === 1 ? singular : plural}`;
}

/** A moment in UTC to the second: `2026-11-23 12:08:05 UTC`. */
export function formatMoment(iso: string): string {
  return `${new Date(iso).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

/** `a`, `a and b`, `a, b and c`. */
export function joinWords(words: readonly string[]): string {
  const last = words.at(-1) ?? '';
  return words.length < 2 ? last : `${words.slice(0, -1).join(', ')} and ${last}`;
}
