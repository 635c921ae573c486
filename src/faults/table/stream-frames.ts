import type { HttpHead } from '../http-head.ts';
import type { Frame } from '../websocket.ts';

/** Whether a frame carries bytes of a channel; the first of each channel may be empty, to say that it is there. */
export function isData({ opcode, payload }: Frame, channel: number): boolean {
  return (opcode === 1 || opcode === 2) && payload[0] === channel && payload.length > 1;
}

/** The end of a connection as a server tells it (RFC 6455: 1000 is a normal closure). */
export const closing: Frame = { final: true, opcode: 8, payload: Buffer.of(1000 >> 8, 1000 & 0xff) };

/** Changes a header that is there. */
export function setHeader({ headers }: HttpHead, wanted: string, value: string): void {
  for (const header of headers) if (header[0].toLowerCase() === wanted) header[1] = value;
}
