import type { TranscriptEntry } from '../model/outcome.ts';

/** One call of a transcript. */
export type CallEntry = Exclude<TranscriptEntry, { note: string }>;

/** Below this not even the first and the last call would fit. */
const smallestCapBytes = 4096;
const noteBytes = 512;

/**
 * Cuts a transcript to a size, measured as compact JSON in UTF-8. Only when it is too large: first the large requests,
 * responses and error texts give way to their beginnings, then calls in the middle to a note.
 * @throws RangeError when the cap is below 4 KiB.
 */
export function fit(calls: readonly CallEntry[], capBytes: number): TranscriptEntry[] {
  if (capBytes < smallestCapBytes) throw new RangeError(`a transcript needs ${smallestCapBytes.toString()} bytes`);
  if (sizeOf(calls) <= capBytes) return [...calls];
  const shortened = calls.map((call) => shorten(call, Math.floor(capBytes / 16)));
  if (sizeOf(shortened) <= capBytes) return shortened;

  // From both ends towards the middle, the later half first: what came before the failure tells most.
  let room = capBytes - noteBytes;
  const take = (call: CallEntry | undefined): boolean => {
    const bytes = call === undefined ? Infinity : sizeOf(call) + 1;
    if (bytes > room) return false;
    room -= bytes;
    return true;
  };
  let head = 0;
  let tail = 0;
  let growsHead = true;
  let growsTail = true;
  while (growsHead || growsTail) {
    growsTail &&= take(shortened.at(-1 - tail));
    if (growsTail) tail += 1;
    growsHead &&= take(shortened[head]);
    if (growsHead) head += 1;
  }
  const leftOut = calls.slice(head, calls.length - tail);
  return [...shortened.slice(0, head), noteOn(leftOut), ...shortened.slice(shortened.length - tail)];
}

function shorten(call: CallEntry, partBytes: number): CallEntry {
  const { request, response, error } = call;
  return {
    ...call,
    request: beginning(request, partBytes),
    ...(response !== undefined && { response: beginning(response, partBytes) }),
    ...(error && { error: { ...error, message: clip(error.message, partBytes) } }),
  };
}

/** A JSON value, or how large it was and how its text began. */
function beginning(value: CallEntry['request'], partBytes: number): CallEntry['request'] {
  const bytes = sizeOf(value);
  if (bytes <= partBytes) return value;
  // A character of JSON text takes up to 3 bytes, or 2 when it has to be escaped once more.
  const text = JSON.stringify(value).slice(0, Math.floor(partBytes / 4));
  return { note: `${bytes.toString()} bytes, cut short`, beginning: text };
}

function clip(text: string, partBytes: number): string {
  // A control character takes 6 bytes as JSON.
  return sizeOf(text) <= partBytes ? text : `${text.slice(0, Math.floor(partBytes / 8))}… (cut short)`;
}

function noteOn(calls: readonly CallEntry[]): TranscriptEntry {
  const counts = new Map<string, number>();
  for (const { rpc } of calls) counts.set(rpc, (counts.get(rpc) ?? 0) + 1);
  const frequent = [...counts].sort(([, a], [, b]) => b - a).slice(0, 6);
  const names = frequent.map(([rpc, count]) => `${rpc} ${count.toString()}`).join(', ');
  return { note: `${calls.length.toString()} calls (${sizeOf(calls).toString()} bytes) left out here: ${names}` };
}

function sizeOf(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value));
}
