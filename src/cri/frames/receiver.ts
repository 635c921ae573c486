import { maxMessageBytes } from '../channel.ts';
import type { Exchange } from './exchange.ts';
import { errorCode, flag, frameType, ProtocolError, uint31At, uint32At } from './frame.ts';
import { FrameReader } from './frame-reader.ts';
import { HeaderBlocks, unpadded } from './header-blocks.ts';
import type { Outbox } from './outbox.ts';
import { codeOfText, detailsOf, statusOfHttp, statusOfReset } from './status.ts';
import type { Status } from './status.ts';
import type { Streams } from './streams.ts';

/** A whole answer passes without the server waiting for us, its frames' padding aside. */
export const streamWindowBytes = maxMessageBytes + 64 * 1024;
/** So do four of the largest at a time. */
export const connectionWindowBytes = 4 * streamWindowBytes;

/** So many PINGs and SETTINGS may wait for the kernel to take their answers. */
const mostReplies = 10_000;

/** Takes in what the server sends on one connection. Every method throws ProtocolError when the server breaks HTTP/2. */
export class Receiver {
  readonly #streams: Streams;
  readonly #outbox: Outbox;
  readonly #goesAway: (lastStreamId: number, http2Code: number, text: string) => void;
  readonly #reader = new FrameReader((type, flags, streamId, bytes, from, to) => {
    this.#frame(type, flags, streamId, bytes, from, to);
  });
  readonly #headers = new HeaderBlocks();
  #readAtNs = 0n;
  /** Since we last told the server that we took it. */
  #receivedBytes = 0;
  #replies = 0;

  constructor(
    streams: Streams,
    outbox: Outbox,
    goesAway: (lastStreamId: number, http2Code: number, text: string) => void,
  ) {
    this.#streams = streams;
    this.#outbox = outbox;
    this.#goesAway = goesAway;
  }

  /** @param readAtNs when these bytes had been read: the calls that they complete ended then */
  read(bytes: Buffer, lengthBytes: number, readAtNs: bigint): void {
    this.#readAtNs = readAtNs;
    this.#reader.read(bytes, lengthBytes);
  }

  /** The kernel took everything that was written. */
  repliesTaken(): void {
    this.#replies = 0;
  }

  #frame(type: number, flags: number, streamId: number, bytes: Buffer, from: number, to: number): void {
    const { unfinished } = this.#headers;
    if (unfinished !== 0 && (type !== frameType.continuation || streamId !== unfinished)) {
      throw broken('headers that were not continued');
    }
    if (!this.#streams.settled && type !== frameType.settings) throw broken('its first frame is not SETTINGS');
    switch (type) {
      case frameType.data:
        this.#data(flags, this.#known(streamId), bytes, from, to);
        return;
      case frameType.headers: {
        const exchange = this.#known(streamId);
        if (this.#headers.begin(flags, streamId, bytes, from, to)) this.#fields(exchange, flags & flag.endStream);
        return;
      }
      case frameType.continuation:
        if (unfinished === 0) throw broken('a continuation of nothing');
        if (this.#headers.goOn(flags, bytes, from, to)) {
          this.#fields(this.#streams.at(streamId), this.#headers.endsStream ? flag.endStream : 0);
        }
        return;
      case frameType.rstStream:
        requireLength(from, to, 4, 'RST_STREAM');
        this.#fail(this.#known(streamId), statusOfReset(uint32At(bytes, from)), undefined);
        return;
      case frameType.settings:
        this.#settings(flags, streamId, bytes, from, to);
        return;
      case frameType.ping:
        requireLength(from, to, 8, 'PING');
        if (streamId !== 0) throw broken('PING on a stream');
        if (!(flags & flag.ack)) this.#reply(frameType.ping, bytes, from, to);
        return;
      case frameType.goAway:
        if (to - from < 8 || streamId !== 0) throw broken('a broken GOAWAY');
        this.#goesAway(uint31At(bytes, from), uint32At(bytes, from + 4), bytes.toString('utf8', from + 8, to));
        return;
      case frameType.windowUpdate:
        requireLength(from, to, 4, 'WINDOW_UPDATE');
        this.#windowUpdate(streamId, uint31At(bytes, from));
        return;
      case frameType.pushPromise:
        throw broken('a push, which it was told not to make');
      default:
      // PRIORITY says nothing to a client, and frames of unknown types are to be ignored (RFC 9113, section 4.1).
    }
  }

  /** The call of a stream; undefined when it is over. Frames of that stream may still have been on their way. */
  #known(streamId: number): Exchange | undefined {
    const exchange = this.#streams.at(streamId);
    if (exchange === undefined && this.#streams.isIdle(streamId)) throw broken('a frame of a stream that is not open');
    return exchange;
  }

  #data(flags: number, exchange: Exchange | undefined, bytes: Buffer, from: number, to: number): void {
    this.#receivedBytes += to - from;
    if (this.#receivedBytes > connectionWindowBytes) throw beyondWindow();
    if (this.#receivedBytes > connectionWindowBytes / 2) {
      this.#outbox.windowUpdate(0, this.#receivedBytes);
      this.#receivedBytes = 0;
    }
    const [at, end] = unpadded(flags, bytes, from, to);
    if (exchange === undefined) return;
    if (exchange.httpStatus === 0) {
      this.#fail(exchange, { code: 'Internal', details: 'Received data before headers' }, errorCode.protocolError);
      return;
    }
    const problem = exchange.answer.take(bytes, at, end);
    if (problem !== undefined) {
      this.#fail(exchange, problem, errorCode.cancel);
    } else if (flags & flag.endStream) {
      this.#fail(exchange, statusOfReset(errorCode.noError), undefined);
    } else {
      this.#openWindow(exchange, to - from);
    }
  }

  #openWindow(exchange: Exchange, bytes: number): void {
    exchange.receivedBytes += bytes;
    if (exchange.receivedBytes > streamWindowBytes) throw beyondWindow();
    if (exchange.receivedBytes > streamWindowBytes / 2) {
      this.#outbox.windowUpdate(exchange.streamId, exchange.receivedBytes);
      exchange.receivedBytes = 0;
    }
  }

  /** A header block is complete: the beginning of an answer, its end (trailers), or both at once. */
  #fields(exchange: Exchange | undefined, endStream: number): void {
    if (exchange === undefined) return;
    const { httpStatus, grpcStatus } = this.#headers.fields;
    if (exchange.httpStatus === 0) {
      // 1xx: the answer is still to come (RFC 9110, section 15.2).
      if (httpStatus >= 100 && httpStatus < 200 && !endStream) return;
      exchange.httpStatus = httpStatus;
      if (httpStatus === 0) {
        this.#fail(
          exchange,
          { code: 'Internal', details: 'Received headers without :status' },
          errorCode.protocolError,
        );
        return;
      }
    } else if (!endStream) {
      this.#fail(exchange, { code: 'Internal', details: 'Received trailers that do not end' }, errorCode.protocolError);
      return;
    }
    if (endStream) this.#conclude(exchange);
    else if (httpStatus !== 200 && grpcStatus === undefined) {
      this.#fail(exchange, statusOfHttp(httpStatus), errorCode.cancel);
    }
  }

  #conclude(exchange: Exchange): void {
    const { grpcStatus, grpcMessage } = this.#headers.fields;
    const { message } = exchange.answer;
    if (grpcStatus === '0' && message !== undefined) {
      this.#streams.end(exchange, undefined);
      exchange.succeed(message, this.#readAtNs);
    } else if (grpcStatus === undefined) {
      this.#fail(exchange, statusOfHttp(exchange.httpStatus), undefined);
    } else if (codeOfText(grpcStatus) === 'OK') {
      this.#fail(exchange, { code: 'Unimplemented', details: 'No message received' }, undefined);
    } else {
      this.#fail(exchange, { code: codeOfText(grpcStatus), details: detailsOf(grpcMessage) }, undefined);
    }
  }

  /** @param resetWith what the server is told when it is still at work on the call */
  #fail(exchange: Exchange | undefined, status: Status, resetWith: number | undefined): void {
    if (exchange === undefined) return;
    this.#streams.end(exchange, resetWith);
    exchange.fail(status, this.#readAtNs);
  }

  #settings(flags: number, streamId: number, bytes: Buffer, from: number, to: number): void {
    if (streamId !== 0) throw broken('SETTINGS on a stream');
    if (flags & flag.ack) {
      requireLength(from, to, 0, 'the acknowledgement of SETTINGS');
      return;
    }
    if ((to - from) % 6 !== 0) throw wrongLength('SETTINGS');
    const settings: [number, number][] = [];
    for (let at = from; at < to; at += 6) settings.push([bytes.readUInt16BE(at), bytes.readUInt32BE(at + 2)]);
    this.#reply(frameType.settings, bytes, to, to);
    this.#streams.apply(settings);
  }

  #windowUpdate(streamId: number, incrementBytes: number): void {
    if (incrementBytes === 0) throw broken('a window that is opened by nothing');
    if (streamId === 0) {
      this.#streams.widenConnection(incrementBytes);
    } else {
      const exchange = this.#known(streamId);
      if (exchange !== undefined) this.#streams.widenStream(exchange, incrementBytes);
    }
  }

  /** Acknowledges a frame, with a part of what it held. */
  #reply(type: number, bytes: Buffer, from: number, to: number): void {
    if (++this.#replies > mostReplies) {
      throw new ProtocolError(errorCode.enhanceYourCalm, 'it asks for answers and does not read them');
    }
    this.#outbox.frame(type, flag.ack, 0, bytes, from, to);
  }
}

function requireLength(from: number, to: number, lengthBytes: number, what: string): void {
  if (to - from !== lengthBytes) throw wrongLength(what);
}

function wrongLength(what: string): ProtocolError {
  return new ProtocolError(errorCode.frameSizeError, `${what} of a wrong length`);
}

function broken(what: string): ProtocolError {
  return new ProtocolError(errorCode.protocolError, what);
}

function beyondWindow(): ProtocolError {
  return new ProtocolError(errorCode.flowControlError, 'more data than its window allows');
}
