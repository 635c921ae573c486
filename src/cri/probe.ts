import { connect } from 'node:net';
import type { Socket } from 'node:net';
import type { Endpoint } from './endpoint.ts';

/** What was seen at an endpoint, below gRPC. */
export type Sighting =
  /** Connecting failed; `errno` such as ENOENT. */
  | { readonly seen: 'refused'; readonly errno: string }
  | { readonly seen: 'http2' }
  /** The first bytes of something that is not HTTP/2; none when the peer hung up without a word. */
  | { readonly seen: 'other'; readonly bytes: Buffer }
  | { readonly seen: 'silence' };

const preface = Buffer.concat([
  Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'),
  Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0]),
]);
const frameHeaderBytes = 9;
const settingsFrame = 4;

/**
 * Connects, says the opening words of an HTTP/2 client and looks at how the peer begins its answer: an HTTP/2 server
 * must begin with a SETTINGS frame (RFC 9113, section 3.4). Never throws.
 */
export async function look(endpoint: Endpoint, timeoutMs: number): Promise<Sighting> {
  const socket = connect(endpoint.socket);
  socket.setTimeout(timeoutMs);
  try {
    return await new Promise<Sighting>((resolve) => {
      listen(socket, resolve);
      socket.write(preface);
    });
  } finally {
    socket.destroy();
  }
}

function listen(socket: Socket, tell: (sighting: Sighting) => void): void {
  let connected = false;
  let bytes = Buffer.alloc(0);
  socket.on('connect', () => (connected = true));
  socket.on('data', (more: Buffer) => {
    bytes = Buffer.concat([bytes, more]);
    if (bytes.length < frameHeaderBytes) return;
    tell(bytes[3] === settingsFrame && bytes.readUInt32BE(5) === 0 ? { seen: 'http2' } : { seen: 'other', bytes });
  });
  socket.on('error', (error: NodeJS.ErrnoException) => {
    tell(connected ? { seen: 'other', bytes } : { seen: 'refused', errno: error.code ?? error.message });
  });
  socket.on('end', () => {
    tell({ seen: 'other', bytes });
  });
  socket.on('timeout', () => {
    tell({ seen: 'silence' });
  });
}
