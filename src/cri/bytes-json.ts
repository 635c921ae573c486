import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';
import type { Json, Scrub } from './redaction.ts';

const wholeUpToBytes = 512;
const endChars = 200;

/**
 * The content of a bytes field: as text when it is UTF-8, else as base64. Long ones keep head and tail, with the length
 * in bytes and the SHA-256 of what the field had in full.
 */
export function bytesJson(bytes: Uint8Array, scrub: Scrub): Json {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const encoding = isUtf8(buffer) ? 'utf8' : 'base64';
  // Latin-1 maps bytes to characters one to one, so that credentials are found in binary data too.
  const text = encoding === 'utf8' ? scrub(buffer.toString()) : encodeBase64(scrub(buffer.toString('latin1')));
  if (bytes.length <= wholeUpToBytes) return { [encoding]: text, length: bytes.length };
  return {
    encoding,
    head: text.slice(0, endChars),
    tail: text.slice(-endChars),
    length: bytes.length,
    sha256: createHash('sha256').update(bytes).digest('hex'),
  };
}

function encodeBase64(latin1: string): string {
  return Buffer.from(latin1, 'latin1').toString('base64');
}
