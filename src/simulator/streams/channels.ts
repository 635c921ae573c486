import type { WebSocket } from 'ws';

/** The channels of a remote command, by the number that their messages begin with. */
export const channels = { stdin: 0, stdout: 1, stderr: 2, error: 3, resize: 4 } as const;

/** Since v5: a message on this channel closes the channel whose number is its content (KEP-4006). */
const closingChannel = 255;
const normalClosure = 1000;
/** Longer output goes out in several messages, as from runtimes, which copy in pieces of this size. */
const maxMessageBytes = 32 * 1024;

/** What comes in. */
export interface ChannelListener {
  readonly data: (channel: number, bytes: Uint8Array) => void;
  /** The other end sends no more on this channel. */
  readonly closed: (channel: number) => void;
  /** The connection is gone. */
  readonly gone: () => void;
}

/** Byte streams side by side in one WebSocket: the first byte of every message is the number of its channel. */
export class Channels {
  readonly #socket: WebSocket;

  constructor(socket: WebSocket) {
    this.#socket = socket;
  }

  listen({ data, closed, gone }: ChannelListener): void {
    const closes = this.#socket.protocol.startsWith('v5.');
    this.#socket.on('message', (message) => {
      // Never an array of pieces: a socket's binaryType is nodebuffer unless somebody changes it.
      const bytes = Buffer.isBuffer(message) ? message : Buffer.alloc(0);
      const number = bytes[0];
      if (number === undefined) return;
      if (number === closingChannel && closes) closed(bytes[1] ?? closingChannel);
      else data(number, bytes.subarray(1));
    });
    this.#socket.on('close', gone);
  }

  /** An empty message when there are no bytes. */
  send(number: number, bytes: Uint8Array): void {
    for (let at = 0; at === 0 || at < bytes.length; at += maxMessageBytes) {
      this.#socket.send(Buffer.concat([Buffer.from([number]), bytes.subarray(at, at + maxMessageBytes)]));
    }
  }

  close(): void {
    this.#socket.close(normalClosure);
  }
}
