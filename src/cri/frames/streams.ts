import {
  defaultMaxFrameBytes,
  defaultWindowBytes,
  errorCode,
  flag,
  frameType,
  largest31Bit,
  ProtocolError,
  setting,
} from './frame.ts';
import type { Exchange } from './exchange.ts';
import { HeaderEncoder } from './header-encoder.ts';
import { messagePrefixBytes } from './message-reader.ts';
import { OpenStreams } from './open-streams.ts';
import type { Outbox } from './outbox.ts';

/**
 * The streams of one connection, and how requests get onto it: as many at a time as the server allows, the others wait
 * their turn; as many bytes as its windows and its frame size let through, the rest when it makes room.
 */
export class Streams {
  readonly #outbox: Outbox;
  readonly #headers = new HeaderEncoder();
  readonly #open = new OpenStreams();
  readonly #waiting = new Set<Exchange>();
  /** Those of the open streams whose request is not sent to its end. */
  readonly #blocked = new Set<Exchange>();
  readonly #started: Exchange[] = [];
  #nextId: number;
  /** Nothing is sent before the server's first SETTINGS has told what it takes. */
  #settled = false;
  #mostOpen = Infinity;
  #maxFrameBytes = defaultMaxFrameBytes;
  #streamWindowBytes = defaultWindowBytes;
  #windowBytes = defaultWindowBytes;

  constructor(outbox: Outbox, firstId = 1) {
    this.#outbox = outbox;
    this.#nextId = firstId;
  }

  /** Whether the connection can take no further streams, ever. */
  get exhausted(): boolean {
    return this.#nextId > largest31Bit;
  }

  /** Whether the server has said what it takes. */
  get settled(): boolean {
    return this.#settled;
  }

  get openCount(): number {
    return this.#open.count;
  }

  /** Every call that is not over. */
  *all(): Iterable<Exchange> {
    yield* this.#open.values();
    yield* this.#waiting;
  }

  at(streamId: number): Exchange | undefined {
    return this.#open.get(streamId);
  }

  /** Whether the id is one that the server cannot know: it was not used yet, or is not ours to use. */
  isIdle(streamId: number): boolean {
    return streamId >= this.#nextId || streamId % 2 === 0;
  }

  submit(exchange: Exchange): void {
    if (this.#mayStart && this.#waiting.size === 0) {
      this.#start(exchange, exchange.call.timeoutMs);
    } else {
      exchange.startedAtNs = process.hrtime.bigint();
      this.#waiting.add(exchange);
    }
  }

  /** Marks what is about to be written with the time of the write. */
  stampStarted(nowNs: bigint): void {
    for (const exchange of this.#started) exchange.startedAtNs = nowNs;
    this.#started.length = 0;
  }

  /**
   * Forgets a call, and its place goes to the next one.
   * @param resetWith what the server is told when it is still at work on the call; it is always told when its answer came
   * before the request's end
   */
  end(exchange: Exchange, resetWith: number | undefined): void {
    if (exchange.streamId === 0) {
      this.#waiting.delete(exchange);
      return;
    }
    if (!this.#open.delete(exchange.streamId)) return;
    const cut = this.#blocked.delete(exchange);
    if (cut || resetWith !== undefined) this.#outbox.reset(exchange.streamId, resetWith ?? errorCode.cancel);
    if (this.#waiting.size > 0) this.#startWaiting();
  }

  /** Takes out the calls that were never sent. */
  takeWaiting(): Exchange[] {
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    return waiting;
  }

  /** Takes in the server's SETTINGS, of which the first lets the calls begin. */
  apply(settings: readonly (readonly [id: number, value: number])[]): void {
    this.#settled = true;
    for (const [id, value] of settings) {
      if (id === setting.headerTableSize) this.#headers.limitTo(value);
      else if (id === setting.maxConcurrentStreams) this.#mostOpen = value;
      else if (id === setting.initialWindowSize) this.#resizeWindows(value);
      else if (id === setting.maxFrameSize) this.#resizeFrames(value);
    }
    this.#pumpAll();
    this.#startWaiting();
  }

  widenConnection(incrementBytes: number): void {
    this.#windowBytes += incrementBytes;
    if (this.#windowBytes > largest31Bit) throw tooWide();
    this.#pumpAll();
  }

  widenStream(exchange: Exchange, incrementBytes: number): void {
    if (exchange.unsent === undefined) return;
    exchange.sendWindowBytes += incrementBytes;
    if (exchange.sendWindowBytes > largest31Bit) throw tooWide();
    this.#pump(exchange, exchange.unsent);
  }

  get #mayStart(): boolean {
    return this.#settled && this.#open.count < this.#mostOpen && !this.exhausted;
  }

  #resizeWindows(windowBytes: number): void {
    if (windowBytes > largest31Bit) throw tooWide();
    for (const exchange of this.#blocked) {
      exchange.sendWindowBytes += windowBytes - this.#streamWindowBytes;
      if (exchange.sendWindowBytes > largest31Bit) throw tooWide();
    }
    this.#streamWindowBytes = windowBytes;
  }

  #resizeFrames(maxFrameBytes: number): void {
    if (maxFrameBytes < defaultMaxFrameBytes || maxFrameBytes > 0xff_ffff) {
      throw new ProtocolError(errorCode.protocolError, `SETTINGS_MAX_FRAME_SIZE of ${maxFrameBytes.toString()}`);
    }
    this.#maxFrameBytes = maxFrameBytes;
  }

  #startWaiting(): void {
    for (const exchange of this.#waiting) {
      if (!this.#mayStart) return;
      this.#waiting.delete(exchange);
      this.#start(exchange, Math.max(1, exchange.deadlineAtMs - performance.now()));
    }
  }

  #start(exchange: Exchange, timeoutMs: number): void {
    const { path, request } = exchange.call;
    const streamId = this.#nextId;
    this.#nextId += 2;
    exchange.streamId = streamId;
    this.#open.add(exchange);
    this.#started.push(exchange);
    const block = this.#headers.request(path, timeoutMs);
    const sizeBytes = messagePrefixBytes + request.length;
    if (sizeBytes <= this.#windowBytes && sizeBytes <= this.#streamWindowBytes && sizeBytes <= this.#maxFrameBytes) {
      this.#windowBytes -= sizeBytes;
      this.#outbox.call(streamId, block, request);
      return;
    }
    this.#outbox.frame(frameType.headers, flag.endHeaders, streamId, block);
    const prefix = Buffer.alloc(messagePrefixBytes);
    prefix.writeUInt32BE(request.length, 1);
    exchange.sendWindowBytes = this.#streamWindowBytes;
    this.#pump(exchange, Buffer.concat([prefix, request]));
  }

  #pumpAll(): void {
    for (const exchange of this.#blocked) if (exchange.unsent) this.#pump(exchange, exchange.unsent);
  }

  /** Sends what may be sent of a request, and remembers the rest. */
  #pump(exchange: Exchange, unsent: Buffer): void {
    let at = 0;
    while (at < unsent.length) {
      const rest = unsent.length - at;
      const sizeBytes = Math.min(rest, this.#maxFrameBytes, this.#windowBytes, exchange.sendWindowBytes);
      if (sizeBytes <= 0) break;
      this.#windowBytes -= sizeBytes;
      exchange.sendWindowBytes -= sizeBytes;
      const flags = sizeBytes === rest ? flag.endStream : 0;
      this.#outbox.frame(frameType.data, flags, exchange.streamId, unsent, at, at + sizeBytes);
      at += sizeBytes;
    }
    if (at < unsent.length) {
      exchange.unsent = unsent.subarray(at);
      this.#blocked.add(exchange);
    } else {
      exchange.unsent = undefined;
      this.#blocked.delete(exchange);
    }
  }
}

function tooWide(): ProtocolError {
  return new ProtocolError(errorCode.flowControlError, 'a window beyond 2^31-1 bytes');
}
