import type { Writable } from 'node:stream';
import { messageOf } from '../model/error.ts';
import type { Code } from '../cri/code.ts';
import { CriError } from '../cri/error.ts';
import type { AttachRequestSchema, ExecRequestSchema, MessageInitShape } from '../cri/messages.ts';
import { openPortForward } from '../streaming/port-forward.ts';
import type { ProcessEnd } from '../streaming/process-end.ts';
import { openProcessStream } from '../streaming/process-stream.ts';
import { spdyHandshake, type SpdyAnswer } from '../streaming/spdy-handshake.ts';
import { StreamError } from '../streaming/stream-error.ts';
import { StreamUrl } from '../streaming/stream-url.ts';
import type { Traffic } from '../streaming/traffic.ts';
import type { CaseContext } from './case.ts';
import { ExpectationFailed } from './expect.ts';
import { readPorts, readProcess, type OpenPorts, type OpenProcess } from './open-stream.ts';

/** Where a stream was refused that a case tried to open, or the stream. */
export type Tried<T> =
  | { readonly opened: T }
  | { readonly refused: 'call'; readonly code: Code; readonly message: string }
  | { readonly refused: 'connection'; readonly httpStatus: number; readonly message: string };

/** How long a stream may take to open, and to take bytes whose reader is there. */
const openMs = 5_000;
const sendMs = 10_000;

/**
 * The streams of a case. Their RPCs are in its transcript as all others; what went over them is in the evidence of whatever
 * expectation fails after. All are ended with the case.
 */
export class Streams {
  readonly #context: CaseContext;
  readonly #signal: AbortSignal;
  readonly #open: { readonly name: string; readonly protocol: string; readonly traffic: Traffic }[] = [];

  constructor(context: CaseContext, signal: AbortSignal) {
    this.#context = context;
    this.#signal = signal;
  }

  /** Executes a command; expectations: `KEY` that Exec answers, `KEY-stream` that its URL leads to a stream. */
  async exec(request: MessageInitShape<typeof ExecRequestSchema>, key = 'exec'): Promise<OpenProcess> {
    const { url } = await this.#context.expect.succeeds(
      key,
      this.#context.cri.runtime.exec(request),
      'Exec in a running container',
    );
    return this.#mustOpen(`${key}-stream`, url, (at) => this.#process('exec', at));
  }

  /** Attaches to a container; expectations: `KEY` that Attach answers, `KEY-stream` that its URL leads to a stream. */
  async attach(request: MessageInitShape<typeof AttachRequestSchema>, key = 'attach'): Promise<OpenProcess> {
    const { url } = await this.#context.expect.succeeds(
      key,
      this.#context.cri.runtime.attach(request),
      'Attach to a running container',
    );
    return this.#mustOpen(`${key}-stream`, url, (at) => this.#process('attach', at));
  }

  /** The stream of an Exec or Attach that has been asked for; expectation: `KEY` that its URL leads to a stream. */
  async open(url: string, key: string): Promise<OpenProcess> {
    return this.#mustOpen(key, url, (at) => this.#process('stream', at));
  }

  /** Forwards ports; expectations: `KEY` that PortForward answers, `KEY-stream` that its URL leads to a stream. */
  async portForward(podSandboxId: string, ports: readonly number[], key = 'port-forward'): Promise<OpenPorts> {
    const { url } = await this.#context.expect.succeeds(
      key,
      this.#context.cri.runtime.portForward({ podSandboxId, port: [...ports] }),
      'PortForward to a ready sandbox',
    );
    return this.#mustOpen(`${key}-stream`, url, (at) => this.#ports(at, ports));
  }

  /** What the server answers to a client that wants SPDY; expectation: `KEY` that it answers at all. */
  async spdy(url: string, protocol: string, key = 'answered'): Promise<SpdyAnswer> {
    return this.#mustOpen(key, url, (at) =>
      spdyHandshake(at, protocol, { signal: this.#signal, openTimeoutMs: openMs }),
    );
  }

  /** A process stream that need not come to be: by the call, or by the server. */
  async tryProcess(call: Promise<{ readonly url: string }>): Promise<Tried<OpenProcess>> {
    return this.#try(call, (at) => this.#process('stream', at));
  }

  /** A port-forward that need not come to be: by the call, or by the server. */
  async tryPorts(call: Promise<{ readonly url: string }>, ports: readonly number[]): Promise<Tried<OpenPorts>> {
    return this.#try(call, (at) => this.#ports(at, ports));
  }

  /** The end of a process's stream, which must come within `withinMs`; expectation: `KEY`. */
  async ended({ ended }: Pick<OpenProcess, 'ended'>, key = 'ends', withinMs = 5_000): Promise<ProcessEnd> {
    this.#context.expect.asked.add(key);
    const end = await within(ended, withinMs);
    if (end === undefined) {
      const message = `the stream ends (within ${String(withinMs)} ms)`;
      throw new ExpectationFailed(key, message, { expected: 'an end', actual: 'still open' });
    }
    this.#signal.throwIfAborted();
    if (end.kind === 'lost') await this.#proofOfLife();
    return end;
  }

  /** A line for each channel of each stream. */
  evidence(): string[] {
    return this.#open.flatMap(({ name, protocol, traffic }) => {
      const lines = traffic.lines();
      const title = `${name} (${protocol})`;
      return lines.length === 0 ? [`${title}: no byte either way`] : lines.map((line) => `${title}: ${line}`);
    });
  }

  async #process(name: string, at: StreamUrl): Promise<OpenProcess> {
    const stream = await openProcessStream(at, this.#options);
    this.#open.push({ name, ...stream });
    return readProcess(stream, this.#send);
  }

  async #ports(at: StreamUrl, ports: readonly number[]): Promise<OpenPorts> {
    const forward = await openPortForward(at, ports, this.#options);
    this.#open.push({ name: 'port-forward', ...forward });
    return readPorts(forward, this.#send);
  }

  get #options(): { readonly signal: AbortSignal; readonly openTimeoutMs: number } {
    return { signal: this.#signal, openTimeoutMs: openMs };
  }

  async #mustOpen<T>(key: string, url: string, open: (at: StreamUrl) => Promise<T>): Promise<T> {
    this.#context.expect.asked.add(key);
    try {
      return await open(StreamUrl.read(url, this.#context.cri.endpoint));
    } catch (error) {
      if (!(error instanceof StreamError) || this.#signal.aborted) throw error;
      await this.#proofOfLife();
      const actual = { problem: error.kind, ...error.answer, message: error.message };
      const message = 'the URL that was answered leads to a stream';
      throw new ExpectationFailed(key, message, { expected: 'a stream', actual, cause: error });
    }
  }

  async #try<T>(call: Promise<{ readonly url: string }>, open: (at: StreamUrl) => Promise<T>): Promise<Tried<T>> {
    try {
      const { url } = await call;
      return { opened: await open(StreamUrl.read(url, this.#context.cri.endpoint)) };
    } catch (error) {
      if (this.#signal.aborted) throw error;
      if (error instanceof CriError && error.code !== 'Unavailable') {
        return { refused: 'call', code: error.code, message: error.details };
      }
      if (error instanceof StreamError && error.answer) {
        return { refused: 'connection', httpStatus: error.answer.httpStatus, message: error.answer.body };
      }
      throw error;
    }
  }

  readonly #send = async (to: Writable, bytes: string | Uint8Array, key: string): Promise<void> => {
    this.#context.expect.asked.add(key);
    const sent = new Promise<'taken' | Error>((resolve) => {
      to.write(bytes, (error) => {
        resolve(error ?? 'taken');
      });
    });
    const outcome = await within(sent, sendMs);
    if (outcome === 'taken') return;
    this.#signal.throwIfAborted();
    await this.#proofOfLife();
    throw new ExpectationFailed(key, `the stream takes ${String(bytes.length)} bytes`, {
      expected: 'taken',
      actual: outcome ? messageOf(outcome) : `not within ${String(sendMs)} ms`,
    });
  };

  /** A server that is gone has broken no promise of a stream: then this call fails with Unavailable. */
  async #proofOfLife(): Promise<void> {
    await this.#context.cri.runtime.version({}, { deadlineMs: openMs });
  }
}

/** The body of a case that opens streams: they end with it, and their traffic goes into what a failure shows. */
export function withStreams(
  body: (context: CaseContext, streams: Streams) => Promise<void>,
): (context: CaseContext) => Promise<void> {
  return async (context) => {
    const over = new AbortController();
    const streams = new Streams(context, AbortSignal.any([context.signal, over.signal]));
    try {
      await body(context, streams);
    } catch (error) {
      if (!(error instanceof ExpectationFailed)) throw error;
      const { key, message, expected, actual, evidence } = error;
      const all = [...evidence, ...streams.evidence()];
      throw new ExpectationFailed(key, message, { expected, actual, evidence: all, cause: error });
    } finally {
      over.abort(new Error('the case is over'));
    }
  };
}

async function within<T>(promise: Promise<T>, ms: number): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => {
      resolve(undefined);
    }, ms);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
