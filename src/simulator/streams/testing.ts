import assert from 'node:assert/strict';
import { once } from 'node:events';
import { WebSocket } from 'ws';

/** The status of a stream that ended well. */
export const success = { metadata: {}, status: 'Success' };

/** The far end of a stream: what came on each channel, and how the connection ended. */
export class Peer {
  readonly #socket: WebSocket;
  readonly #channels = new Map<number, Buffer[]>();
  readonly closed: Promise<number>;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    this.closed = new Promise((resolve) => socket.on('close', resolve));
    socket.on('message', (message) => {
      assert.ok(Buffer.isBuffer(message));
      const number = message[0] ?? -1;
      this.#channels.set(number, [...(this.#channels.get(number) ?? []), message.subarray(1)]);
    });
  }

  static async open(url: string, protocol = 'v5.channel.k8s.io'): Promise<Peer> {
    const socket = new WebSocket(url.replace('http:', 'ws:'), [protocol], { perMessageDeflate: false });
    const peer = new Peer(socket);
    await once(socket, 'open');
    return peer;
  }

  messages(channel: number): readonly Buffer[] {
    return this.#channels.get(channel) ?? [];
  }

  bytes(channel: number): Buffer {
    return Buffer.concat(this.messages(channel));
  }

  text(channel: number): string {
    return this.bytes(channel).toString();
  }

  send(channel: number, bytes: Uint8Array | string): void {
    this.#socket.send(Buffer.concat([Buffer.from([channel]), Buffer.from(bytes)]));
  }

  endInput(channel = 0): void {
    this.#socket.send(Buffer.from([255, channel]));
  }

  leave(): void {
    this.#socket.close();
  }

  /** The status on the error channel, once the connection was closed in order. */
  async status(): Promise<unknown> {
    assert.equal(await this.closed, 1000);
    return JSON.parse(this.text(3));
  }
}
