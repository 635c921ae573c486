import type { CriClient } from '../cri/client.ts';
import { CriError } from '../cri/error.ts';
import { openProcessStream } from '../streaming/process-stream.ts';
import { StreamError } from '../streaming/stream-error.ts';
import { StreamUrl } from '../streaming/stream-url.ts';

const probeMs = 5_000;

/**
 * Whether the streaming server of a runtime can be reached from here: it may listen on another machine's loopback. One that
 * answers badly is there, and for cases to judge.
 * @returns why it cannot, undefined when it can
 */
export async function streamsMissing(
  cri: CriClient,
  containerId: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  try {
    const { url } = await cri.runtime.exec({ containerId, cmd: ['true'], stdout: true }, { signal });
    const stream = await openProcessStream(StreamUrl.read(url, cri.endpoint), { signal, openTimeoutMs: probeMs });
    stream.close();
    return undefined;
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof CriError) return error.code === 'Unimplemented' ? error.message : undefined;
    if (!(error instanceof StreamError)) throw error;
    return error.kind === 'unreachable' || error.kind === 'deadline' ? error.message : undefined;
  }
}
