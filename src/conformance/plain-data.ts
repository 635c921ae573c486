import type { z } from 'zod';

type Json = z.infer<ReturnType<typeof z.json>>;

/** A value as JSON for the result: big integers as decimal strings, as protobuf's JSON has int64; bytes as base64. */
export function plainData(value: unknown): Json {
  const text = JSON.stringify(value, (_key, item: unknown) => {
    if (typeof item === 'bigint') return item.toString();
    if (item instanceof Uint8Array) return Buffer.from(item).toString('base64');
    return item;
  }) as string | undefined;
  return text === undefined ? null : (JSON.parse(text) as Json);
}
