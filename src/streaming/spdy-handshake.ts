import * as http from 'node:http';
import * as https from 'node:https';
import { usualOpenTimeoutMs, type OpenOptions } from './connection.ts';
import { openingError } from './http-answer.ts';
import { StreamError } from './stream-error.ts';
import type { StreamUrl } from './stream-url.ts';

/** What a server answered to an upgrade. */
export interface SpdyAnswer {
  readonly httpStatus: number;
  /** By their names in lower case. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
}

/**
 * Asks for SPDY/3.1, the way kubectl does that is older than its WebSockets, and hangs up on the answer: SPDY's frames are not spoken.
 * @param protocol `v4.channel.k8s.io` for exec and attach, `portforward.k8s.io` for port-forward
 * @throws StreamError when there is no HTTP answer
 */
export async function spdyHandshake(
  url: StreamUrl,
  protocol = 'v4.channel.k8s.io',
  { signal, openTimeoutMs = usualOpenTimeoutMs }: Omit<OpenOptions, 'protocols'> = {},
): Promise<SpdyAnswer> {
  const { request } = url.secret.protocol === 'https:' ? https : http;
  const asked = request(url.secret, {
    method: 'POST',
    agent: false,
    // A runtime's certificate is its own work; the kubelet does not verify it either.
    rejectUnauthorized: false,
    headers: {
      Connection: 'Upgrade',
      Upgrade: 'SPDY/3.1',
      'X-Stream-Protocol-Version': protocol,
      'Content-Length': '0',
    },
  });
  const abort = (): void => {
    asked.destroy(new StreamError('aborted', 'ended by the caller', url, { cause: signal?.reason }));
  };
  const timer = setTimeout(() => {
    asked.destroy(new StreamError('deadline', `no answer after ${String(openTimeoutMs)} ms`, url));
  }, openTimeoutMs);
  if (signal?.aborted === true) abort();
  signal?.addEventListener('abort', abort, { once: true });
  try {
    return await new Promise<SpdyAnswer>((resolve, reject) => {
      const take = ({ statusCode = 0, headers }: http.IncomingMessage): void => {
        resolve({ httpStatus: statusCode, headers });
      };
      asked.on('upgrade', (response, socket) => {
        socket.destroy();
        take(response);
      });
      asked.on('response', take).on('error', reject).end();
    });
  } catch (error) {
    throw error instanceof StreamError ? error : openingError(error, url);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', abort);
    asked.destroy();
  }
}
