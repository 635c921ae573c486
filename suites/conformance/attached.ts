import type { OpenProcess } from '../../src/kit/open-stream.ts';
import type { Streams } from '../../src/kit/streams.ts';

/**
 * How long a stream may be open before the container's output leads to it: containerd lets input through first, and what is
 * answered to it at once is lost on a busy machine (seen once in some hundred times). Nothing on the wire tells.
 */
const settleMs = 100;

/** The stream of an Attach, through which the container's output comes. @param key the expectation's, as Streams.attach has it */
export async function attached(
  streams: Streams,
  request: Parameters<Streams['attach']>[0],
  key?: string,
): Promise<OpenProcess> {
  const attach = await streams.attach(request, key);
  await new Promise((resolve) => setTimeout(resolve, settleMs));
  return attach;
}
