import { Input } from './shell/input.ts';

/** One end of a connection. */
export interface Connection {
  /** What the other end sends; at its end when the other end is. */
  readonly incoming: Input;
  readonly send: (bytes: Uint8Array) => void;
  /** Sends nothing more. */
  readonly end: () => void;
}

/** A port that is listened on; connections wait until they are accepted. */
export interface Listener {
  /** @throws what the signal is aborted with. */
  readonly accept: (signal: AbortSignal) => Promise<Connection>;
  readonly close: () => void;
}

/**
 * The ports that the processes of a pod listen on. No packets: a connection comes by PortForward alone, and the bytes that
 * it carries are what the pod's network interface counts.
 */
export class PodNetwork {
  readonly #listeners = new Map<number, (connection: Connection) => void>();
  receivedBytes = 0;
  sentBytes = 0;

  /** Those that are listened on. */
  get ports(): readonly number[] {
    return [...this.#listeners.keys()];
  }

  /** @throws Error when the port is in use. */
  listen(port: number): Listener {
    if (this.#listeners.has(port)) throw new Error('bind: Address already in use');
    const waiting: Connection[] = [];
    // One byte for each connection that waits.
    const bell = new Input();
    const take = (connection: Connection): void => {
      waiting.push(connection);
      bell.push(Buffer.alloc(1));
    };
    this.#listeners.set(port, take);
    return {
      accept: async (signal) => {
        await bell.upTo(1, signal);
        const connection = waiting.shift();
        if (!connection) throw new Error('accept: Invalid argument');
        return connection;
      },
      close: () => {
        if (this.#listeners.get(port) === take) this.#listeners.delete(port);
        for (const connection of waiting) connection.end();
        bell.end();
      },
    };
  }

  /** The client's end of a new connection; undefined when nobody listens on the port. */
  connect(port: number): Connection | undefined {
    const take = this.#listeners.get(port);
    if (!take) return undefined;
    const [toServer, toClient] = [new Input(), new Input()];
    take({
      incoming: toServer,
      send: (bytes) => {
        this.sentBytes += bytes.length;
        toClient.push(bytes);
      },
      end: () => {
        toClient.end();
      },
    });
    return {
      incoming: toClient,
      send: (bytes) => {
        this.receivedBytes += bytes.length;
        toServer.push(bytes);
      },
      end: () => {
        toServer.end();
      },
    };
  }
}
