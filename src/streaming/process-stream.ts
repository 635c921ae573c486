import { Writable, type Readable } from 'node:stream';
import { Connection, type Channels, type OpenOptions } from './connection.ts';
import { readProcessEnd, type ProcessEnd } from './process-end.ts';
import { StreamError } from './stream-error.ts';
import type { StreamUrl } from './stream-url.ts';
import type { Traffic } from './traffic.ts';

/** Channel numbers of exec and attach (k8s.io/kubelet, remotecommand); v5 adds the one that closes another. */
const stdinChannel = 0;
const stdoutChannel = 1;
const stderrChannel = 2;
const errorChannel = 3;
const resizeChannel = 4;
const closeChannel = 255;

const channels: Channels = {
  names: {
    [stdinChannel]: 'stdin',
    [stdoutChannel]: 'stdout',
    [stderrChannel]: 'stderr',
    [errorChannel]: 'error',
    [resizeChannel]: 'resize',
    [closeChannel]: 'close',
  },
  inbound: [stdoutChannel, stderrChannel, errorChannel],
};

/** As kubectl cuts what it sends. */
const chunkBytes = 32 * 1024;
/** A v1.Status is shorter; what is longer is cut and will not be readable. */
const maxStatusBytes = 64 * 1024;
/** A server that told how the process ended has nothing more to say. */
const afterStatusMs = 2_000;

/** The size of a terminal, in characters. */
export interface TerminalSize {
  readonly columns: number;
  readonly rows: number;
}

/** The two ends of a process in a container: of one that Exec started, or of the container's own by Attach. */
export interface ProcessStream {
  readonly url: StreamUrl;
  readonly protocol: string;
  /**
   * Bytes for the process. Its `end()` ends the process's input alone in v5.channel.k8s.io; earlier protocols have no
   * word for that, and it fails with a StreamError there: `endsInput` says which.
   */
  readonly stdin: Writable;
  readonly endsInput: boolean;
  /** Both must be read: what waits for its reader holds up everything else. They end with the stream. */
  readonly stdout: Readable;
  readonly stderr: Readable;
  /** How it ended, once the stream is over; never rejects. */
  readonly ended: Promise<ProcessEnd>;
  readonly traffic: Traffic;
  /** @throws StreamError when the stream is over */
  resize(size: TerminalSize): Promise<void>;
  /** Ends the stream from this side. */
  close(): void;
}

/**
 * Opens the stream of an exec or attach.
 * @throws StreamError
 */
export async function openProcessStream(url: StreamUrl, options: OpenOptions = {}): Promise<ProcessStream> {
  const connection = await Connection.open(url, channels, options);
  const endsInput = connection.protocol.startsWith('v5.');
  return {
    url,
    protocol: connection.protocol,
    stdin: writableTo(connection, stdinChannel, endsInput),
    endsInput,
    stdout: connection.readable(stdoutChannel),
    stderr: connection.readable(stderrChannel),
    ended: endOf(connection),
    traffic: connection.traffic,
    resize: ({ columns, rows }) =>
      connection.send(resizeChannel, Buffer.from(JSON.stringify({ Width: columns, Height: rows }))),
    close: () => {
      connection.close();
    },
  };
}

/** What is written goes to a channel, as fast as the server takes it. */
export function writableTo(connection: Connection, channel: number, canEnd: boolean): Writable {
  const writable = new Writable({
    highWaterMark: chunkBytes,
    write(bytes: Buffer, _encoding, done) {
      sendAll(connection, channel, bytes).then(() => {
        done();
      }, done);
    },
    final(done) {
      const end = canEnd
        ? connection.send(closeChannel, Buffer.of(channel))
        : Promise.reject(
            new StreamError('protocol', `${connection.protocol} cannot end one channel alone`, connection.url),
          );
      end.then(() => {
        done();
      }, done);
    },
  });
  // Whoever writes is told by the callback; without a listener the same error would end this program.
  writable.on('error', () => undefined);
  void connection.ended.then(() => writable.destroy());
  return writable;
}

async function sendAll(connection: Connection, channel: number, bytes: Buffer): Promise<void> {
  for (let start = 0; start < bytes.length; start += chunkBytes) {
    await connection.send(channel, bytes.subarray(start, start + chunkBytes));
  }
}

async function endOf(connection: Connection): Promise<ProcessEnd> {
  const status: Buffer[] = [];
  let sizeBytes = 0;
  let timer: NodeJS.Timeout | undefined;
  connection.readable(errorChannel).on('data', (bytes: Buffer) => {
    if (sizeBytes < maxStatusBytes) status.push(bytes);
    sizeBytes += bytes.length;
    timer ??= setTimeout(() => {
      connection.close();
    }, afterStatusMs);
  });
  const end = await connection.ended;
  clearTimeout(timer);
  if (sizeBytes > 0) return readProcessEnd(Buffer.concat(status).toString());
  switch (end.kind) {
    case 'left':
      return { kind: 'left' };
    case 'closed':
      return { kind: 'lost', why: `closed (${String(end.code)}) without a status on the error channel` };
    case 'lost':
      return { kind: 'lost', why: end.error.message };
  }
}
