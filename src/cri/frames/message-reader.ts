import { maxMessageBytes } from '../channel.ts';
import { byteAt } from './frame.ts';
import type { Status } from './status.ts';

/** A byte that says whether the message is compressed, and its length in four. */
export const messagePrefixBytes = 5;

/** Puts together the one message of a unary answer, which may come in pieces of any size. */
export class MessageReader {
  #prefixBytes = 0;
  #lengthBytes = 0;
  #message: Buffer | undefined;
  #filledBytes = 0;

  /** The message; undefined as long as it is not complete. */
  get message(): Buffer | undefined {
    return this.#filledBytes === this.#message?.length ? this.#message : undefined;
  }

  /** Copies out of the next bytes of the answer; what is wrong with them, if anything. */
  take(bytes: Buffer, from: number, to: number): Status | undefined {
    let at = from;
    while (at < to && this.#prefixBytes < messagePrefixBytes) {
      const byte = byteAt(bytes, at++);
      if (this.#prefixBytes++ === 0) {
        if (byte !== 0) return { code: 'Internal', details: 'Received a compressed message, which was not asked for' };
      } else {
        this.#lengthBytes = this.#lengthBytes * 256 + byte;
      }
    }
    if (this.#prefixBytes < messagePrefixBytes) return undefined;
    if (this.#lengthBytes > maxMessageBytes) return tooLarge(this.#lengthBytes);

    this.#message ??= Buffer.allocUnsafe(this.#lengthBytes);
    const end = Math.min(to, at + this.#message.length - this.#filledBytes);
    bytes.copy(this.#message, this.#filledBytes, at, end);
    this.#filledBytes += end - at;
    return end < to ? { code: 'Unimplemented', details: 'Too many responses received' } : undefined;
  }
}

function tooLarge(lengthBytes: number): Status {
  const details = `Received message larger than max (${lengthBytes.toString()} vs ${maxMessageBytes.toString()})`;
  return { code: 'ResourceExhausted', details };
}
