import { maxMessageBytes } from '../channel.ts';
import type { Endpoint } from '../endpoint.ts';
import type { UnaryAnswer, UnaryCall, UnaryTransport } from '../unary.ts';
import { Connection } from './connection.ts';
import type { ConnectionOwner } from './connection.ts';
import { DeadlineWatch } from './deadline-watch.ts';
import { Exchange } from './exchange.ts';
import type { Status } from './status.ts';

const canceled: Status = { code: 'Canceled', details: 'Cancelled on client' };

/**
 * The measured transport: unary gRPC over HTTP/2, written onto the socket by hand. A call starts when its request is
 * written to the socket, together with all others of the same tick, and ends when the read returned that brought the last
 * byte of its answer. There are no retries, and no connection is made before the first call or beside one that works.
 */
export function openFrames(endpoint: Endpoint): UnaryTransport {
  return new FramesTransport(endpoint);
}

class FramesTransport implements UnaryTransport, ConnectionOwner {
  readonly #endpoint: Endpoint;
  /** The one that takes new calls. */
  #current: Connection | undefined;
  /** With those that only have calls to finish. */
  readonly #connections = new Set<Connection>();
  readonly #deadlines = new DeadlineWatch(() => this.#calls());
  readonly #bySignal = new WeakMap<AbortSignal, Set<Exchange>>();
  /** Aborted when the transport is closed, which also takes its listeners off signals that live longer. */
  readonly #closing = new AbortController();

  constructor(endpoint: Endpoint) {
    this.#endpoint = endpoint;
  }

  send(call: UnaryCall): Promise<UnaryAnswer> {
    return new Promise((resolve) => {
      const exchange = new Exchange(call, performance.now() + call.timeoutMs, resolve);
      const refusal = this.#refusalOf(call);
      if (refusal !== undefined) {
        exchange.fail(refusal, process.hrtime.bigint());
        return;
      }
      this.#connection().submit(exchange);
      this.#deadlines.add(exchange);
      if (call.signal !== undefined) this.#cancelWith(call.signal, exchange);
    });
  }

  close(): void {
    this.#closing.abort();
    for (const connection of this.#connections) connection.close(canceled);
    this.#deadlines.stop();
  }

  retired(connection: Connection, unsent: readonly Exchange[]): void {
    if (this.#current === connection) this.#current = undefined;
    for (const exchange of unsent) {
      if (exchange.moved) {
        exchange.fail({ code: 'Unavailable', details: 'The server went away twice' }, process.hrtime.bigint());
      } else {
        exchange.moved = true;
        this.#connection().submit(exchange);
      }
    }
  }

  closed(connection: Connection): void {
    if (this.#current === connection) this.#current = undefined;
    this.#connections.delete(connection);
  }

  #refusalOf({ request, timeoutMs }: UnaryCall): Status | undefined {
    if (this.#closing.signal.aborted) return canceled;
    if (timeoutMs <= 0) return { code: 'DeadlineExceeded', details: 'Deadline exceeded' };
    if (request.length <= maxMessageBytes) return undefined;
    const details = `Attempted to send message with a size larger than ${maxMessageBytes.toString()}`;
    return { code: 'ResourceExhausted', details };
  }

  #connection(): Connection {
    if (this.#current === undefined) {
      this.#current = new Connection(this.#endpoint, this);
      this.#connections.add(this.#current);
    }
    return this.#current;
  }

  *#calls(): Iterable<Exchange> {
    for (const connection of this.#connections) yield* connection.calls();
  }

  /** One listener serves all calls of a signal: adding one for each call would cost more than the rest of the call. */
  #cancelWith(signal: AbortSignal, exchange: Exchange): void {
    let exchanges = this.#bySignal.get(signal);
    if (exchanges === undefined) {
      const waiting = new Set<Exchange>();
      exchanges = waiting;
      this.#bySignal.set(signal, waiting);
      const cancel = (): void => {
        for (const canceling of [...waiting]) canceling.cancel(canceled, signal.reason);
      };
      signal.addEventListener('abort', cancel, { once: true, signal: this.#closing.signal });
    }
    exchanges.add(exchange);
    exchange.watched = exchanges;
  }
}
