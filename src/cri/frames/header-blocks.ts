import { byteAt, errorCode, flag, ProtocolError } from './frame.ts';
import { HeaderDecoder } from './header-decoder.ts';
import { ReceivedFields } from './received-fields.ts';

/** No error text of a runtime comes near this; more would be an attack on our memory. */
const mostBlockBytes = 1024 * 1024;
const priorityBytes = 5;

/** Puts header blocks together from HEADERS and CONTINUATION frames and decodes them. */
export class HeaderBlocks {
  readonly #decoder = new HeaderDecoder();
  #parts: Buffer[] = [];
  #partBytes = 0;
  #streamId = 0;
  #endStream = false;

  /** Of the last block that was complete. */
  readonly fields = new ReceivedFields();

  /** The stream whose block must go on in the next frame, by CONTINUATION and nothing else; 0 when there is none. */
  get unfinished(): number {
    return this.#streamId;
  }

  /** Whether the block that is being continued ends its stream. */
  get endsStream(): boolean {
    return this.#endStream;
  }

  /** Takes in a HEADERS frame; whether its block is complete, and was decoded into `fields`. */
  begin(flags: number, streamId: number, bytes: Buffer, from: number, to: number): boolean {
    const [start, end] = unpadded(flags, bytes, from, to);
    const at = flags & flag.priority ? start + priorityBytes : start;
    if (at > end) throw new ProtocolError(errorCode.frameSizeError, 'HEADERS shorter than what must be in it');
    if (flags & flag.endHeaders) {
      this.#decode(bytes, at, end);
      return true;
    }
    this.#streamId = streamId;
    this.#endStream = (flags & flag.endStream) !== 0;
    this.#keep(bytes, at, end);
    return false;
  }

  /** Takes in a CONTINUATION frame, as `begin` does HEADERS. */
  goOn(flags: number, bytes: Buffer, from: number, to: number): boolean {
    this.#keep(bytes, from, to);
    if (!(flags & flag.endHeaders)) return false;
    const block = Buffer.concat(this.#parts);
    this.#parts = [];
    this.#partBytes = 0;
    this.#streamId = 0;
    this.#decode(block, 0, block.length);
    return true;
  }

  #keep(bytes: Buffer, from: number, to: number): void {
    this.#parts.push(Buffer.from(bytes.subarray(from, to)));
    // A frame counts for more than its bytes, lest empty ones go on for ever.
    this.#partBytes += to - from + 64;
    if (this.#partBytes > mostBlockBytes) throw new ProtocolError(errorCode.enhanceYourCalm, 'headers beyond 1 MiB');
  }

  #decode(bytes: Buffer, from: number, to: number): void {
    this.fields.clear();
    this.#decoder.decode(bytes, from, to, this.fields.tell);
  }
}

/**
 * Where the payload of a DATA or HEADERS frame is without its padding.
 * @throws ProtocolError when the padding is longer than the frame
 */
export function unpadded(flags: number, bytes: Buffer, from: number, to: number): [from: number, to: number] {
  if (!(flags & flag.padded)) return [from, to];
  const end = to - byteAt(bytes, from);
  if (from + 1 > end) throw new ProtocolError(errorCode.protocolError, 'padding longer than its frame');
  return [from + 1, end];
}
