import type { IncomingMessage } from 'node:http';
import { messageOf } from '../model/error.ts';
import { StreamError, type HttpAnswer, type StreamSite } from './stream-error.ts';

/** What a server says to a request that it refuses is kept up to here. */
const maxBodyBytes = 1_024;

/** Status and body of an answer; of a body that breaks off, what came of it. */
export async function readAnswer(response: IncomingMessage): Promise<HttpAnswer> {
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      sizeBytes += chunk.length;
      if (sizeBytes >= maxBodyBytes) break;
    }
  } catch {
    // The status alone is an answer.
  }
  const body = Buffer.concat(chunks).subarray(0, maxBodyBytes).toString();
  return { httpStatus: response.statusCode ?? 0, body: body.trim() };
}

/** An answer in a sentence. */
export function answered({ httpStatus, body }: HttpAnswer): string {
  return `answered HTTP ${String(httpStatus)}${body === '' ? '' : `: ${JSON.stringify(body.slice(0, 200))}`}`;
}

/** The single door from what node:http and ws throw before a stream is open. */
export function openingError(thrown: unknown, site: StreamSite): StreamError {
  const { code = '', syscall = '' }: Partial<NodeJS.ErrnoException> = thrown instanceof Error ? thrown : {};
  // Where a name has several addresses, Node's error for all of them has no message and no system call.
  const found = messageOf(thrown) || code;
  const noConnection = syscall === 'connect' || syscall === 'getaddrinfo' || thrown instanceof AggregateError;
  const kind = noConnection ? 'unreachable' : code.startsWith('E') ? 'lost' : 'protocol';
  return new StreamError(kind, found, site, { cause: thrown });
}
