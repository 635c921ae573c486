import { createHash, type Hash } from 'node:crypto';

interface Count {
  frameCount: number;
  sizeBytes: number;
  readonly hash: Hash;
  head: Buffer;
}

/** So much of a channel's beginning is shown. */
const headBytes = 80;

/** The bytes of a stream by channel: how many, their hash and how they begin, without keeping them. */
export class Traffic {
  readonly #channels: Readonly<Record<number, string>>;
  readonly #counts = new Map<string, Count>();

  /** @param channels names by channel number */
  constructor(channels: Readonly<Record<number, string>>) {
    this.#channels = channels;
  }

  add(direction: 'sent' | 'received', channel: number, bytes: Uint8Array): void {
    const key = `${direction} ${this.#channels[channel] ?? `channel ${String(channel)}`}`;
    const count = this.#counts.get(key) ?? {
      frameCount: 0,
      sizeBytes: 0,
      hash: createHash('sha256'),
      head: Buffer.alloc(0),
    };
    this.#counts.set(key, count);
    count.frameCount += 1;
    count.sizeBytes += bytes.length;
    count.hash.update(bytes);
    if (count.head.length < headBytes) {
      count.head = Buffer.concat([count.head, bytes.subarray(0, headBytes - count.head.length)]);
    }
  }

  /** A line for each channel and direction that was used: `received stdout: 4 bytes in 1 frame, sha256 …, begins "out\n"`. */
  lines(): string[] {
    return [...this.#counts].map(([key, { frameCount, sizeBytes, hash, head }]) =>
      [
        `${key}: ${String(sizeBytes)} bytes in ${String(frameCount)} ${frameCount === 1 ? 'frame' : 'frames'}`,
        ...(sizeBytes === 0 ? [] : [`sha256 ${hash.copy().digest('hex')}`, `begins ${quoted(head)}`]),
      ].join(', '),
    );
  }
}

/** In JSON's way, and bytes beyond ASCII as \xNN: some of them steer terminals. */
function quoted(bytes: Buffer): string {
  const escaped = (character: string): string => `\\x${character.charCodeAt(0).toString(16)}`;
  return JSON.stringify(bytes.toString('latin1')).replace(/[\x7f-\xff]/g, escaped);
}
