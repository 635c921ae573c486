import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';

/** So much of what comes is kept; the rest is only counted and hashed. */
const keptBytes = 1024 * 1024;

/** What has come from a runtime on one channel so far, read as it comes so that nothing else is held up. */
export class Received {
  readonly #chunks: Buffer[] = [];
  readonly #hash = createHash('sha256');
  #kept = 0;
  #sizeBytes = 0;
  /** Resolves when nothing more will come. */
  readonly over: Promise<void>;

  constructor(readable: Readable) {
    this.over = new Promise((resolve) => readable.once('close', resolve));
    readable.on('data', (chunk: Buffer) => {
      this.#sizeBytes += chunk.length;
      this.#hash.update(chunk);
      if (this.#kept >= keptBytes) return;
      this.#chunks.push(chunk);
      this.#kept += chunk.length;
    });
  }

  /** Of everything that came. */
  get sizeBytes(): number {
    return this.#sizeBytes;
  }

  /** Size and hash of everything that came, to compare it with what was sent. */
  get digest(): Digest {
    return { sizeBytes: this.#sizeBytes, sha256: this.#hash.copy().digest('hex') };
  }

  /** The first mebibyte of what came. */
  get bytes(): Buffer {
    return Buffer.concat(this.#chunks);
  }

  /** The same as UTF-8. */
  get text(): string {
    return this.bytes.toString();
  }
}

export interface Digest {
  readonly sizeBytes: number;
  /** In hexadecimal. */
  readonly sha256: string;
}

export function digestOf(bytes: Buffer): Digest {
  return { sizeBytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') };
}
