/**
 * The kubelet's request with the fields replaced that a case deviates in: objects are merged field by field,
 * everything else (lists, scalars, bytes) is taken whole from the deviation.
 */
export function mergeDeviation<T extends object>(base: T, deviation: T): T {
  const merged = new Map<string, unknown>(Object.entries(base));
  for (const [key, value] of Object.entries(deviation) as [string, unknown][]) {
    const below = merged.get(key);
    merged.set(key, isPlain(below) && isPlain(value) ? mergeDeviation(below, value) : value);
  }
  return Object.fromEntries(merged) as T;
}

function isPlain(value: unknown): value is object {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}
