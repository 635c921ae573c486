import { randomBytes } from 'node:crypto';

/** One frame of a WebSocket connection (RFC 6455, section 5.2), unmasked. */
export interface Frame {
  /** Whether it is the last of its message. */
  readonly final: boolean;
  /** 0 continues a message, 1 is text, 2 binary, 8 close, 9 ping, 10 pong. */
  readonly opcode: number;
  /** Of the channel protocols of Kubernetes, the first byte of a message is the channel: 0 stdin, 1 stdout, 2 stderr, 3 error, 4 resize. */
  readonly payload: Buffer;
}

/** Takes frames out of a connection's bytes, however they are cut. */
export class FrameReader {
  #bytes: Buffer = Buffer.alloc(0);

  /** The frames that are complete with these bytes. */
  read(chunk: Buffer): readonly Frame[] {
    this.#bytes = Buffer.concat([this.#bytes, chunk]);
    const frames: Frame[] = [];
    for (let parsed = parse(this.#bytes); parsed !== undefined; parsed = parse(this.#bytes)) {
      frames.push(parsed.frame);
      this.#bytes = this.#bytes.subarray(parsed.lengthBytes);
    }
    return frames;
  }
}

function parse(bytes: Buffer): { readonly frame: Frame; readonly lengthBytes: number } | undefined {
  if (bytes.length < 2) return undefined;
  const [first = 0, second = 0] = bytes;
  const short = second & 0x7f;
  const lengthEnd = short === 126 ? 4 : short === 127 ? 10 : 2;
  const headEnd = lengthEnd + (second & 0x80 ? 4 : 0);
  if (bytes.length < headEnd) return undefined;
  const length = short === 126 ? bytes.readUInt16BE(2) : short === 127 ? Number(bytes.readBigUInt64BE(2)) : short;
  if (bytes.length < headEnd + length) return undefined;
  const payload = Buffer.from(bytes.subarray(headEnd, headEnd + length));
  if (second & 0x80) mask(payload, bytes.subarray(lengthEnd, headEnd));
  return { frame: { final: (first & 0x80) !== 0, opcode: first & 0x0f, payload }, lengthBytes: headEnd + length };
}

/** The bytes of a frame; those of clients have to be masked. */
export function frameBytes({ final, opcode, payload }: Frame, masked: boolean): Buffer {
  const { length } = payload;
  const head = Buffer.alloc(length < 126 ? 2 : length < 65_536 ? 4 : 10);
  head[0] = (final ? 0x80 : 0) | opcode;
  head[1] = (masked ? 0x80 : 0) | (head.length === 2 ? length : head.length === 4 ? 126 : 127);
  if (head.length === 4) head.writeUInt16BE(length, 2);
  if (head.length === 10) head.writeBigUInt64BE(BigInt(length), 2);
  if (!masked) return Buffer.concat([head, payload]);
  const key = randomBytes(4);
  const body = Buffer.from(payload);
  mask(body, key);
  return Buffer.concat([head, key, body]);
}

function mask(payload: Buffer, key: Buffer): void {
  for (let at = 0; at < payload.length; at += 1) payload[at] = (payload[at] ?? 0) ^ (key[at % 4] ?? 0);
}
