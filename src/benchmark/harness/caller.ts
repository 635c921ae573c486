import { connect as connectHttp2 } from 'node:http2';
import type { IncomingHttpHeaders } from 'node:http2';
import { connect as connectSocket } from 'node:net';
import { openChannel } from '../../cri/channel.ts';
import { connect } from '../../cri/client.ts';
import { parseEndpoint } from '../../cri/endpoint.ts';
import { openFrames } from '../../cri/frames/transport.ts';
import { grpcUnary } from '../../cri/grpc-unary.ts';
import type { UnaryTransport } from '../../cri/unary.ts';

/** Ways to call Version that are compared, each with what is in its figures. */
export const callers = {
  'grpc-js': 'grpc-js, encoded messages in and out',
  'http2 module': 'node:http2, encoded messages in and out',
  frames: 'the measured transport, encoded messages in and out',
  'CriClient over grpc-js': 'encoding, decoding and an observer as well',
  'CriClient over frames': 'encoding, decoding, a deadline and an observer as well',
} as const;
export type CallerName = keyof typeof callers;

export function isCallerName(name: string): name is CallerName {
  return Object.hasOwn(callers, name);
}

/** Calls Version. */
export interface Caller {
  /** Whether it was answered. */
  call(): Promise<boolean>;
  close(): void;
}

export const versionPath = '/runtime.v1.RuntimeService/Version';

/** Opens one way to call an endpoint. None but a CriClient's calls have deadlines: h2load's have none either. */
export async function openCaller(name: CallerName, endpoint: string): Promise<Caller> {
  switch (name) {
    case 'grpc-js':
      return overTransport(grpcUnary(openChannel(parseEndpoint(endpoint))));
    case 'frames':
      return overTransport(openFrames(parseEndpoint(endpoint)));
    case 'http2 module':
      return overHttp2(endpoint);
    case 'CriClient over grpc-js':
      return await overClient(endpoint, 'grpc-js');
    case 'CriClient over frames':
      return await overClient(endpoint, 'frames');
  }
}

function overTransport(transport: UnaryTransport): Caller {
  // VersionRequest's only field is optional: no bytes at all are a good request.
  const request = new Uint8Array(0);
  return {
    call: async () => {
      const { outcome } = await transport.send({ path: versionPath, request, timeoutMs: Infinity, signal: undefined });
      return outcome === 'answered';
    },
    close: () => {
      transport.close();
    },
  };
}

function overHttp2(endpoint: string): Caller {
  const { socket } = parseEndpoint(endpoint);
  const session = connectHttp2('http://localhost', { createConnection: () => connectSocket(socket) });
  const headers = {
    ':method': 'POST',
    ':path': versionPath,
    ':scheme': 'http',
    ':authority': 'localhost',
    'content-type': 'application/grpc',
    te: 'trailers',
  };
  const emptyMessage = Buffer.alloc(5);
  return {
    call: () =>
      new Promise((resolve) => {
        const stream = session.request(headers);
        let answered = false;
        stream.on('trailers', (trailers: IncomingHttpHeaders) => (answered = trailers['grpc-status'] === '0'));
        stream.on('data', () => undefined);
        stream.on('error', () => undefined);
        stream.on('close', () => {
          resolve(answered);
        });
        stream.end(emptyMessage);
      }),
    close: () => {
      session.destroy();
    },
  };
}

async function overClient(endpoint: string, transport: 'grpc-js' | 'frames'): Promise<Caller> {
  const client = await connect(endpoint, { transport });
  let observed = 0;
  const { runtime } = client.observedBy(({ durationNs }) => (observed += durationNs));
  return {
    call: () =>
      runtime.version({ version: '0.1.0' }).then(
        () => true,
        () => false,
      ),
    close: () => {
      client.close();
      if (Number.isNaN(observed)) throw new Error('a call without a time');
    },
  };
}
