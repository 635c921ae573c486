import type { Break } from './break.ts';
import type { StreamHooks, StreamingRpc } from './stream-relay.ts';

/**
 * Changes what the streams of an RPC carry. `open` is called for each connection, so that what its closure remembers is one
 * connection's:
 *
 *     streamed('Exec', () => ({ response: (head) => { head.line = 'HTTP/1.1 200 OK'; } }))
 *     streamed('Exec', () => ({ fromRuntime: (frame) => (frame.payload[0] === 2 ? [] : frame) }))   // stderr is lost
 */
export function streamed(rpc: StreamingRpc, open: () => StreamHooks): Break {
  return {
    rpcs: [rpc],
    wrap: (handlers, { streams }) => {
      streams.hook(rpc, open);
      return handlers;
    },
  };
}

/**
 * Changes the data of one channel of the streams (1 stdout, 2 stderr, 3 how the command ended), message by message:
 *
 *     streamedData('Exec', 1, () => (data) => Buffer.from(data.toString('latin1'), 'utf8'))
 */
export function streamedData(rpc: StreamingRpc, channel: number, open: () => (data: Buffer) => Buffer): Break {
  return streamed(rpc, () => {
    const change = open();
    return {
      fromRuntime: (frame) => {
        const { opcode, payload } = frame;
        if ((opcode !== 1 && opcode !== 2) || payload[0] !== channel) return frame;
        return { ...frame, payload: Buffer.concat([payload.subarray(0, 1), change(payload.subarray(1))]) };
      },
    };
  });
}
