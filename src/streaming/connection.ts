import { Readable } from 'node:stream';
import { WebSocket } from 'ws';
import { messageOf } from '../model/error.ts';
import { answered, openingError, readAnswer } from './http-answer.ts';
import { StreamError } from './stream-error.ts';
import type { StreamUrl } from './stream-url.ts';
import { Traffic } from './traffic.ts';

/** How a stream is opened. */
export interface OpenOptions {
  /** Ends the stream, at any time. */
  readonly signal?: AbortSignal | undefined;
  /** How long the server may take until the stream is open, in ms; `usualOpenTimeoutMs` unless given. */
  readonly openTimeoutMs?: number | undefined;
  /** WebSocket subprotocols, the one that is preferred in front; the server chooses. */
  readonly protocols?: readonly string[] | undefined;
}

/**
 * v5 says by a frame that stdin is over; v4, which is all that containerd, CRI-O and cri-dockerd speak (recorded on six
 * versions), cannot.
 */
const usualProtocols = ['v5.channel.k8s.io', 'v4.channel.k8s.io'];
/** In ms; a streaming server is on the machine of its runtime, and opening takes it a few. */
export const usualOpenTimeoutMs = 10_000;
/** Of one message, as of a whole gRPC message; Go's servers send at most 32 KiB at once. */
const maxMessageBytes = 16 * 1024 * 1024;
/** So much of a channel waits for its reader before the server is held up. */
const highWaterBytes = 256 * 1024;
/** After the closing frame of one side, how long the other may take to send its own. */
const closeMs = 1_000;
/** What ws tells instead of a closing frame's code when there was none. */
const noClosingFrame = 1006;

/** How a connection ended: by our own hand, by the server's closing frame (1000 is the usual code), or without one. */
export type ConnectionEnd =
  | { readonly kind: 'left' }
  | { readonly kind: 'closed'; readonly code: number; readonly reason: string }
  | { readonly kind: 'lost'; readonly error: StreamError };

/** The channels of a stream: names by number, and which of them the server may write to. All of these must be read. */
export interface Channels {
  readonly names: Readonly<Record<number, string>>;
  readonly inbound: readonly number[];
}

/**
 * A WebSocket that carries channels: each message's first byte says which one the rest belongs to (Kubernetes'
 * channel.k8s.io protocols). A channel whose reader is slow holds up the server, and with it every other channel.
 */
export class Connection {
  readonly url: StreamUrl;
  readonly traffic: Traffic;
  /** Resolves when the connection is over, whoever ended it; never rejects. */
  readonly ended: Promise<ConnectionEnd>;
  readonly #socket: WebSocket;
  readonly #inbound: ReadonlyMap<number, Readable>;
  readonly #full = new Set<Readable>();
  #failure: StreamError | undefined;
  #left = false;

  private constructor(url: StreamUrl, { names, inbound }: Channels, protocols: readonly string[]) {
    this.url = url;
    this.traffic = new Traffic(names);
    this.#inbound = new Map(inbound.map((channel) => [channel, this.#readable()]));
    this.#socket = new WebSocket(url.secret, [...protocols], {
      perMessageDeflate: false,
      maxPayload: maxMessageBytes,
      // A runtime's certificate is its own work; the kubelet does not verify it either.
      rejectUnauthorized: false,
    });
    this.#socket.on('message', (data: Buffer, isBinary) => {
      this.#take(data, isBinary);
    });
    this.#socket.on('error', (error) => {
      this.#failure ??= openingError(error, url);
    });
    this.#socket.on('unexpected-response', (_request, response) => {
      void readAnswer(response).then((answer) => {
        this.fail(new StreamError('refused', answered(answer), url, { answer }));
      });
    });
    this.ended = new Promise((resolve) => {
      this.#socket.on('close', (code, reason) => {
        resolve(this.#endWith(code, reason));
        for (const readable of this.#inbound.values()) readable.push(null);
      });
    });
  }

  /** @throws StreamError */
  static async open(url: StreamUrl, channels: Channels, options: OpenOptions): Promise<Connection> {
    const { signal, openTimeoutMs = usualOpenTimeoutMs, protocols = usualProtocols } = options;
    if (signal?.aborted === true) throw new StreamError('aborted', 'ended before it began', url);
    const connection = new Connection(url, channels, protocols);
    const abort = (): void => {
      connection.fail(new StreamError('aborted', 'ended by the caller', url, { cause: signal?.reason }));
    };
    signal?.addEventListener('abort', abort, { once: true });
    const timer = setTimeout(() => {
      connection.fail(new StreamError('deadline', `not open after ${String(openTimeoutMs)} ms`, url));
    }, openTimeoutMs);
    const ended = connection.ended.then((end): never => {
      signal?.removeEventListener('abort', abort);
      throw end.kind === 'lost' ? end.error : new StreamError('lost', 'closed at once', url);
    });
    try {
      await Promise.race([new Promise((resolve) => connection.#socket.once('open', resolve)), ended]);
      return connection;
    } finally {
      clearTimeout(timer);
    }
  }

  /** The subprotocol that the server chose. */
  get protocol(): string {
    return this.#socket.protocol;
  }

  /** What comes on an inbound channel; it ends with the connection, however that ends. */
  readable(channel: number): Readable {
    const readable = this.#inbound.get(channel);
    if (readable === undefined) throw new RangeError(`channel ${String(channel)} is not inbound`);
    return readable;
  }

  /**
   * Sends one message; resolves when the kernel has taken it, which it does not while the server reads nothing.
   * @throws StreamError when the connection is over
   */
  send(channel: number, bytes: Uint8Array): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#socket.send(Buffer.concat([Buffer.of(channel), bytes]), { binary: true }, (error) => {
        if (error) {
          reject(this.#failure ?? new StreamError('lost', messageOf(error), this.url, { cause: error }));
          return;
        }
        this.traffic.add('sent', channel, bytes);
        resolve();
      });
    });
  }

  /** Says goodbye and waits no longer than a second for the answer; what still comes is dropped. */
  close(): void {
    for (const readable of this.#inbound.values()) readable.resume();
    this.#left ||= this.#socket.readyState === WebSocket.OPEN;
    this.#socket.close(1000);
    const timer = setTimeout(() => {
      this.#socket.terminate();
    }, closeMs);
    void this.ended.then(() => {
      clearTimeout(timer);
    });
  }

  /** Ends the connection at once, for a reason that whoever asks for its end is told. */
  fail(error: StreamError): void {
    this.#failure ??= error;
    this.#socket.terminate();
  }

  #endWith(code: number, reason: Buffer): ConnectionEnd {
    if (this.#failure) return { kind: 'lost', error: this.#failure };
    if (this.#left) return { kind: 'left' };
    if (code !== noClosingFrame) return { kind: 'closed', code, reason: reason.toString() };
    return { kind: 'lost', error: new StreamError('lost', 'ended without a closing frame', this.url) };
  }

  #readable(): Readable {
    const free = (readable: Readable): void => {
      if (this.#full.delete(readable) && this.#full.size === 0) this.#socket.resume();
    };
    return new Readable({
      highWaterMark: highWaterBytes,
      read() {
        free(this);
      },
      destroy(error, done) {
        free(this);
        done(error);
      },
    });
  }

  #take(data: Buffer, isBinary: boolean): void {
    const [channel] = data;
    if (!isBinary || channel === undefined) {
      const what = isBinary ? 'a message without a channel' : 'a text message, where all are binary';
      this.fail(new StreamError('protocol', `${what}, came`, this.url));
      return;
    }
    const bytes = data.subarray(1);
    this.traffic.add('received', channel, bytes);
    if (bytes.length === 0) return;
    const readable = this.#inbound.get(channel);
    if (readable === undefined) {
      this.fail(new StreamError('protocol', `bytes came on channel ${String(channel)}, where none may`, this.url));
    } else if (!readable.destroyed && !readable.push(bytes)) {
      this.#full.add(readable);
      this.#socket.pause();
    }
  }
}
