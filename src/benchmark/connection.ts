import { connect, type CriClient } from '../cri/client.ts';
import { ConnectError } from '../cri/connect-error.ts';
import { CriError } from '../cri/error.ts';
import type { TargetContext } from '../kit/target-context.ts';

/** What came of work on a connection, or why there was none. */
export type Connected<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: string };

/** Works on a connection of its own through the measured transport, and closes it. */
export async function connected<T>(
  { endpoint, imageEndpoint, callTimeoutMs }: TargetContext,
  signal: AbortSignal,
  work: (client: CriClient) => Promise<T>,
): Promise<Connected<T>> {
  let client: CriClient;
  try {
    client = await connect(endpoint, { imageEndpoint, callTimeoutMs, transport: 'frames', signal });
  } catch (error) {
    if (!(error instanceof ConnectError || error instanceof CriError)) throw error;
    return { ok: false, problem: error.message };
  }
  try {
    return { ok: true, value: await work(client) };
  } finally {
    client.close();
  }
}
