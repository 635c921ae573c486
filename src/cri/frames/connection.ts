import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { messageOf } from '../../model/error.ts';
import type { Endpoint } from '../endpoint.ts';
import type { Carrier, Exchange } from './exchange.ts';
import { defaultWindowBytes, errorCode, ProtocolError, setting } from './frame.ts';
import { Outbox } from './outbox.ts';
import { connectionWindowBytes, Receiver, streamWindowBytes } from './receiver.ts';
import type { Status } from './status.ts';
import { Streams } from './streams.ts';

const preface = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
/** One read takes in so much at most. */
const readBytes = 128 * 1024;

/** What a connection tells the one who gives it calls. */
export interface ConnectionOwner {
  /** It takes no new calls from now on; these were never sent. */
  retired(connection: Connection, unsent: readonly Exchange[]): void;
  /** It is over, and so are its calls. */
  closed(connection: Connection): void;
}

/** One HTTP/2 connection. Calls that are given to it while it is being opened wait until it is. */
export class Connection implements Carrier {
  readonly #owner: ConnectionOwner;
  readonly #socket: Socket;
  readonly #outbox = new Outbox();
  readonly #streams = new Streams(this.#outbox);
  readonly #receiver: Receiver;
  #flushes = false;
  #retired = false;
  #closed = false;
  #socketError: Error | undefined;

  constructor({ socket }: Endpoint, owner: ConnectionOwner) {
    this.#owner = owner;
    this.#receiver = new Receiver(this.#streams, this.#outbox, (...goAway) => {
      this.#goesAway(...goAway);
    });
    const buffer = Buffer.allocUnsafeSlow(readBytes);
    this.#socket = connect({
      ...socket,
      noDelay: true,
      // Reading into memory of our own spares an allocation of 64 KiB a read.
      onread: {
        buffer,
        callback: (lengthBytes) => {
          this.#read(buffer, lengthBytes);
          return true;
        },
      },
    });
    this.#socket.on('error', (error) => (this.#socketError = error));
    this.#socket.on('close', () => {
      this.#lose();
    });
    this.#socket.on('drain', () => {
      this.#receiver.repliesTaken();
    });
    this.#socket.write(preface);
    this.#outbox.settings([
      [setting.enablePush, 0],
      [setting.initialWindowSize, streamWindowBytes],
    ]);
    this.#outbox.windowUpdate(0, connectionWindowBytes - defaultWindowBytes);
    this.#flushSoon();
  }

  submit(exchange: Exchange): void {
    exchange.carrier = this;
    this.#streams.submit(exchange);
    this.#flushSoon();
    if (this.#streams.exhausted) this.#retire();
  }

  abandon(exchange: Exchange): void {
    this.#streams.end(exchange, errorCode.cancel);
    this.#flushSoon();
    this.#closeIfDone();
  }

  /** Every call that is not over. */
  calls(): Iterable<Exchange> {
    return this.#streams.all();
  }

  /** Ends the connection at once, and its calls with a status. */
  close(status: Status, cause?: unknown): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#socket.destroy();
    const nowNs = process.hrtime.bigint();
    for (const exchange of [...this.#streams.all()]) exchange.fail(status, nowNs, cause);
    this.#owner.closed(this);
  }

  #read(bytes: Buffer, lengthBytes: number): void {
    if (this.#closed) return;
    try {
      this.#receiver.read(bytes, lengthBytes, process.hrtime.bigint());
    } catch (error) {
      this.#breakOff(error);
      return;
    }
    this.#closeIfDone();
    // The calls that were answered have not been told yet, and will often be followed by others: one write for all.
    if (this.#outbox.length > 0 && !this.#flushes) {
      this.#flushes = true;
      queueMicrotask(() => {
        process.nextTick(this.#flush);
      });
    }
  }

  /** Whatever calls are made in this tick of the event loop go out in one write at its end. */
  #flushSoon(): void {
    if (this.#flushes) return;
    this.#flushes = true;
    process.nextTick(this.#flush);
  }

  readonly #flush = (): void => {
    this.#flushes = false;
    if (this.#closed || this.#outbox.length === 0) return;
    this.#streams.stampStarted(process.hrtime.bigint());
    this.#outbox.flush((bytes) => {
      this.#socket.write(bytes);
      return this.#socket.writableLength > 0;
    });
    if (this.#socket.writableLength === 0) this.#receiver.repliesTaken();
  };

  /** The server will not look at streams above the last one (RFC 9113, section 6.8). */
  #goesAway(lastStreamId: number, http2Code: number, text: string): void {
    const why = `${http2Code.toString()}${text === '' ? '' : `, ${text}`}`;
    const status: Status = {
      code: 'Unavailable',
      details: `The server goes away and refused the call (GOAWAY ${why})`,
    };
    const nowNs = process.hrtime.bigint();
    this.#retire();
    for (const exchange of [...this.#streams.all()]) {
      if (exchange.streamId <= lastStreamId) continue;
      this.#streams.end(exchange, undefined);
      exchange.fail(status, nowNs);
    }
  }

  #retire(): void {
    if (this.#retired) return;
    this.#retired = true;
    this.#owner.retired(this, this.#streams.takeWaiting());
  }

  #closeIfDone(): void {
    if (this.#retired && this.#streams.openCount === 0) this.close(dropped);
  }

  /** The server cannot be understood any longer; it is told so, should it still listen. */
  #breakOff(error: unknown): void {
    const why = error instanceof ProtocolError ? `The server broke HTTP/2: ${error.message}` : messageOf(error);
    this.#outbox.goAway(error instanceof ProtocolError ? error.errorCode : errorCode.internalError);
    this.#flush();
    this.close({ code: 'Internal', details: why }, error);
  }

  #lose(): void {
    if (this.#streams.settled) this.close(dropped, this.#socketError);
    else {
      const why = this.#socketError?.message ?? 'the server hung up';
      const details = `No connection established. Last error: ${why}`;
      this.close({ code: 'Unavailable', details }, this.#socketError);
    }
  }
}

const dropped: Status = { code: 'Unavailable', details: 'Connection dropped' };
