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
  const power = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log2(Math.max(1, Math.abs(sizeBytes))) / 10)));
  return `${formatNumber(sizeBytes / 1024 ** power)} ${units[power] ?? ''}`;
}

/** A ratio as a factor: three decimals around 1, where small differences are what is asked about. */
export function formatRatio(ratio: number): string {
  if (ratio < 0.1) return ratio.toLocaleString('en', { maximumSignificantDigits: 2 });
  const digits = ratio < 2 ? 3 : ratio < 100 ? 2 : 0;
  return ratio.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

/** `2.5 %`, `95 %`, `99.79 %`; cut off and not rounded, so that no confidence is told that is not there. */
export function formatShare(share: number): string {
  return `${(Math.floor(share * 1e4 + 1e-6) / 100).toLocaleString('en')} %`;
}

/** A figure in its unit: durations, sizes and rates of both in the multiple that suits them. */
export function formatFigure(value: number, unit: string): string {
  switch (unit) {
    case 'ns':
      return formatDuration(value);
    case 'bytes':
      return formatBytes(value);
    case 'bytes/s':
      return `${formatBytes(value)}/s`;
    default:
      return unit === '' ? formatNumber(value) : `${formatNumber(value)} ${unit}`;
  }
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

/** Problems and reasons come from elsewhere, with or without a capital and a full stop. */
export function asSentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1).replace(/[.!?]+$/, '')}.`;
}
