import { UsageError } from '../model/error.ts';

const unitsMs: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };
const pattern = /^(?:\d+(?:\.\d+)?(?:ms|s|m|h))+$/;

/**
 * Reads a duration such as 500ms, 2m or 1h30m, in ms.
 * @throws UsageError on anything else, and on no time at all
 */
export function parseDurationMs(text: string): number {
  if (!pattern.test(text)) throw new UsageError(`'${text}' is not a duration such as 500ms, 2m or 1h30m`);
  let durationMs = 0;
  for (const [, count, unit] of text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h)/g)) {
    durationMs += Number(count) * (unitsMs[unit ?? ''] ?? 0);
  }
  if (durationMs <= 0) throw new UsageError(`'${text}' is no time at all`);
  return durationMs;
}

/** A duration for people: `850 ms`, `12 s`, `3 min 5 s`, `1 h 2 min`. */
export function formatDurationMs(durationMs: number): string {
  if (durationMs < 1000) return `${String(Math.round(durationMs))} ms`;
  const seconds = Math.round(durationMs / 1000);
  const [hours, minutes, rest] = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60), seconds % 60];
  const parts = [
    [hours, 'h'],
    [minutes, 'min'],
    [hours > 0 ? 0 : rest, 's'],
  ] as const;
  return parts.flatMap(([count, unit]) => (count > 0 ? [`${String(count)} ${unit}`] : [])).join(' ');
}
