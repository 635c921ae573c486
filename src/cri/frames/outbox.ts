import { flag, frameHeaderBytes, frameType, writeFrameHeader, writeUint32 } from './frame.ts';

const usualBytes = 64 * 1024;

/**
 * Frames that wait to be written together. Memory is used again from write to write, unless the kernel did not take all
 * of it at once.
 */
export class Outbox {
  #bytes = Buffer.allocUnsafeSlow(usualBytes);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** A frame whose payload is there already, in a part of some bytes. */
  frame(type: number, flags: number, streamId: number, bytes: Buffer, from = 0, to = bytes.length): void {
    const at = this.#reserve(frameHeaderBytes + to - from);
    writeFrameHeader(this.#bytes, at, to - from, type, flags, streamId);
    bytes.copy(this.#bytes, at + frameHeaderBytes, from, to);
  }

  /** A whole call: HEADERS, and DATA that ends the stream, holding gRPC's prefix and the message. */
  call(streamId: number, headerBlock: Uint8Array, message: Uint8Array): void {
    const at = this.#reserve(frameHeaderBytes + headerBlock.length + frameHeaderBytes + 5 + message.length);
    const bytes = this.#bytes;
    writeFrameHeader(bytes, at, headerBlock.length, frameType.headers, flag.endHeaders, streamId);
    bytes.set(headerBlock, at + frameHeaderBytes);
    const dataAt = at + frameHeaderBytes + headerBlock.length;
    writeFrameHeader(bytes, dataAt, 5 + message.length, frameType.data, flag.endStream, streamId);
    bytes[dataAt + 9] = 0;
    writeUint32(bytes, dataAt + 10, message.length);
    if (message.length > 0) bytes.set(message, dataAt + 14);
  }

  settings(pairs: readonly (readonly [id: number, value: number])[]): void {
    const payload = Buffer.alloc(6 * pairs.length);
    for (const [index, [id, value]] of pairs.entries()) {
      payload.writeUInt16BE(id, 6 * index);
      payload.writeUInt32BE(value, 6 * index + 2);
    }
    this.frame(frameType.settings, 0, 0, payload);
  }

  windowUpdate(streamId: number, incrementBytes: number): void {
    this.#word(frameType.windowUpdate, streamId, incrementBytes);
  }

  reset(streamId: number, http2Code: number): void {
    this.#word(frameType.rstStream, streamId, http2Code);
  }

  /** Nothing was pushed to us, so the last stream that we looked at is 0. */
  goAway(http2Code: number): void {
    const payload = Buffer.alloc(8);
    payload.writeUInt32BE(http2Code, 4);
    this.frame(frameType.goAway, 0, 0, payload);
  }

  /** Takes out everything; the write says whether it still needs the memory when it returns. */
  flush(write: (bytes: Buffer) => boolean): void {
    const stillNeeded = write(this.#bytes.subarray(0, this.#length));
    this.#length = 0;
    if (stillNeeded || this.#bytes.length > usualBytes) this.#bytes = Buffer.allocUnsafeSlow(usualBytes);
  }

  #word(type: number, streamId: number, value: number): void {
    const at = this.#reserve(13);
    writeFrameHeader(this.#bytes, at, 4, type, 0, streamId);
    writeUint32(this.#bytes, at + frameHeaderBytes, value);
  }

  /** Where so many bytes may be written. */
  #reserve(lengthBytes: number): number {
    const at = this.#length;
    this.#length += lengthBytes;
    if (this.#length > this.#bytes.length) {
      const larger = Buffer.allocUnsafeSlow(Math.max(2 * this.#bytes.length, this.#length));
      larger.set(this.#bytes.subarray(0, at));
      this.#bytes = larger;
    }
    return at;
  }
}
