import { isObject } from './json.ts';
import type { Json, JsonObject } from './json.ts';

/** What a pod sandbox or container was asked for with, as far as answers repeat it. */
export interface Requested {
  readonly metadata: Readonly<Record<string, string | number>>;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  /** Of a container on its host; empty of a sandbox. */
  readonly logPath: string;
}

/** The same object, as it was asked for when the conversation was recorded, and as it is asked for now. */
export interface Twice {
  readonly recorded: Requested;
  readonly now: Requested;
}

/**
 * A recorded answer to what is asked now: where the runtime repeated what it had been given, with what it is given now;
 * where it did not, or added something, as it was.
 */
export function echoed(answer: Json, objectOf: (id: string) => Twice | undefined): Json {
  if (Array.isArray(answer)) return answer.map((item) => echoed(item, objectOf));
  if (!isObject(answer)) return answer;
  const inner = Object.fromEntries(Object.entries(answer).map(([name, value]) => [name, echoed(value, objectOf)]));
  const id = answer['id'];
  const object = typeof id === 'string' ? objectOf(id) : undefined;
  return object ? { ...inner, ...repeated(answer, object) } : inner;
}

function repeated(answer: JsonObject, { recorded, now }: Twice): Record<string, Json> {
  const changed: Record<string, Json> = {};
  const metadata = answer['metadata'];
  if (isObject(metadata) && repeats(metadata, recorded.metadata)) changed['metadata'] = { ...now.metadata };
  if (answer['log_path'] === recorded.logPath) changed['log_path'] = now.logPath;
  for (const field of ['labels', 'annotations'] as const) {
    const answered = answer[field];
    if (!isObject(answered) || !repeats(answered, recorded[field])) continue;
    const added = Object.entries(answered).filter(([key]) => !(key in recorded[field]));
    changed[field] = { ...Object.fromEntries(added), ...now[field] };
  }
  return changed;
}

/** A number that is 0 is left out of an answer. */
function repeats(answered: JsonObject, sent: Readonly<Record<string, string | number>>): boolean {
  return Object.entries(sent).every(([key, value]) => (answered[key] ?? 0) === value);
}
