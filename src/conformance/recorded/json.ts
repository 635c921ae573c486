import type { z } from 'zod';

export type Json = z.infer<z.ZodJSONSchema>;
export type JsonObject = Readonly<Record<string, Json>>;

export function isObject(json: Json | undefined): json is Record<string, Json> {
  return typeof json === 'object' && json !== null && !Array.isArray(json);
}
