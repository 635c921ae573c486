import { byteAt, defaultMaxFrameBytes, errorCode, frameHeaderBytes, ProtocolError, uint31At } from './frame.ts';

/**
 * Is given every frame whole: its payload lies in `bytes` from `from` up to `to`, in memory that is used again as soon as
 * the call returns.
 */
export type FrameHandler = (
  type: number,
  flags: number,
  streamId: number,
  bytes: Buffer,
  from: number,
  to: number,
) => void;

/**
 * Cuts what a connection brings into frames, without copying those that came in one piece. A frame that was split over
 * reads is put together in memory of one frame's size.
 */
export class FrameReader {
  readonly #handle: FrameHandler;
  readonly #split = Buffer.allocUnsafe(frameHeaderBytes + defaultMaxFrameBytes);
  #splitBytes = 0;

  constructor(handle: FrameHandler) {
    this.#handle = handle;
  }

  /** @throws ProtocolError on a frame that is longer than we take, and whatever the handler throws */
  read(bytes: Buffer, lengthBytes: number): void {
    let at = this.#splitBytes === 0 ? 0 : this.#join(bytes, lengthBytes);
    while (lengthBytes - at >= frameHeaderBytes) {
      const end = at + frameHeaderBytes + payloadBytes(bytes, at);
      if (end > lengthBytes) break;
      this.#give(bytes, at, end);
      at = end;
    }
    if (at < lengthBytes) {
      bytes.copy(this.#split, this.#splitBytes, at, lengthBytes);
      this.#splitBytes += lengthBytes - at;
    }
  }

  /** Completes the frame that was split, as far as the bytes reach; where they go on behind it. */
  #join(bytes: Buffer, lengthBytes: number): number {
    let at = this.#fill(bytes, 0, lengthBytes, frameHeaderBytes);
    if (this.#splitBytes < frameHeaderBytes) return at;
    const end = frameHeaderBytes + payloadBytes(this.#split, 0);
    at = this.#fill(bytes, at, lengthBytes, end);
    if (this.#splitBytes === end) {
      this.#splitBytes = 0;
      this.#give(this.#split, 0, end);
    }
    return at;
  }

  #fill(bytes: Buffer, at: number, lengthBytes: number, wantedBytes: number): number {
    const taken = Math.max(0, Math.min(wantedBytes - this.#splitBytes, lengthBytes - at));
    bytes.copy(this.#split, this.#splitBytes, at, at + taken);
    this.#splitBytes += taken;
    return at + taken;
  }

  #give(bytes: Buffer, at: number, end: number): void {
    const type = byteAt(bytes, at + 3);
    this.#handle(type, byteAt(bytes, at + 4), uint31At(bytes, at + 5), bytes, at + frameHeaderBytes, end);
  }
}

function payloadBytes(bytes: Buffer, at: number): number {
  const length = (byteAt(bytes, at) << 16) | (byteAt(bytes, at + 1) << 8) | byteAt(bytes, at + 2);
  if (length > defaultMaxFrameBytes) {
    throw new ProtocolError(errorCode.frameSizeError, `a frame of ${length.toString()} bytes`);
  }
  return length;
}
