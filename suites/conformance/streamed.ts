import type { CaseContext } from '../../src/kit/case.ts';
import type { Received } from '../../src/kit/received.ts';
import type { OpenProcess } from '../../src/kit/open-stream.ts';
import type { Streams } from '../../src/kit/streams.ts';

/* Looks at streams that several cases take, each an expectation of its own. */

/** How long bytes may take through a stream on a busy machine. */
const arrivalMs = 15_000;

/** Bytes that something on the way may take for text and change, each value of a byte among them, no newline at the end. */
export const oddBytes = Buffer.concat([
  Buffer.from('a\0b\r\nc\n\r\n\xff\xfe \t', 'latin1'),
  Buffer.from(Array.from({ length: 256 }, (_, byte) => byte)),
  Buffer.from('end'),
]);

/** Arguments that something on the way may drop, join, split or expand. */
export const oddWords = [
  '',
  ' two  words ',
  '$HOME',
  '*',
  "it's",
  '"quoted"',
  'back\\slash',
  'é',
  'line\nbreak',
  '-n',
  '',
];

/** Waits until exactly `expected` has come. */
export async function expectReceived(
  { expect }: Pick<CaseContext, 'expect'>,
  received: Received,
  expected: string,
  message: string,
  key = 'received',
): Promise<void> {
  await expect.eventually(
    key,
    () => Promise.resolve(received.bytes.toString('latin1')),
    (text) => text === expected,
    message,
    { expected, withinMs: arrivalMs },
  );
}

/** Waits until `pattern` is found in what has come, and answers all of it. */
export async function expectMatch(
  { expect }: Pick<CaseContext, 'expect'>,
  received: Received,
  pattern: RegExp,
  message: string,
  key: string,
): Promise<string> {
  return expect.eventually(
    key,
    () => Promise.resolve(received.text),
    (text) => pattern.test(text),
    message,
    { expected: `something like ${String(pattern)}`, withinMs: arrivalMs },
  );
}

/** The process must end by itself, and well. */
export async function expectSuccess(
  { expect }: Pick<CaseContext, 'expect'>,
  streams: Streams,
  stream: OpenProcess,
  key = 'success',
): Promise<void> {
  const end = await streams.ended(stream, `${key}-ends`);
  expect.equal(key, end, { kind: 'success' }, 'the end of the stream, by the status on its error channel');
}

/** The answer of a call for a stream, for showing it: whoever has the token of its URL has the stream. */
export async function withoutToken(call: Promise<{ readonly url: string }>): Promise<string> {
  const { url } = await call;
  return url.replace(/[^/]*$/, '[removed]');
}

/** Lines of sixteen bytes, which a shell prints easily. */
export function lines(sizeBytes: number): Buffer {
  return Buffer.alloc(sizeBytes, '0123456789abcde\n');
}

export const mebibyte = 1024 * 1024;

/** A runtime's text as it is in every run: ids and the names that are made of them replaced. */
export function withoutIds(text: string): string {
  return text
    .replace(/"?\b[0-9a-f]{64}\b"?/g, 'ID')
    .replace(/\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g, 'UID')
    .replace(/(?:\/[\w.+-]+){2,}/g, 'PATH')
    .slice(0, 300);
}
