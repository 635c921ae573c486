import { byteAt, errorCode, ProtocolError } from './frame.ts';

const endOfString = 256;

/**
 * The symbols of HPACK's code by the length of their code in bits, in the order of their codes (RFC 7541, appendix B). The
 * code is canonical: within one length codes count up with the symbol, and the next length goes on where this one ended.
 */
const symbolsByBits: readonly (readonly [bits: number, symbols: readonly number[]])[] = [
  [5, text('012aceiost')],
  [6, text(' %-./3456789=A_bdfghlmnpru')],
  [7, text(':BCDEFGHIJKLMNOPQRSTUVWYjkqvwxyz')],
  [8, text('&*,;XZ')],
  [10, text('!"()?')],
  [11, text("'+|")],
  [12, text('#>')],
  [13, text('\0$@[]~')],
  [14, text('^}')],
  [15, text('<`{')],
  [19, [92, 195, 208]],
  [20, [128, 130, 131, 162, 184, 194, 224, 226]],
  [21, [153, 161, 167, 172, 176, 177, 179, 209, 216, 217, 227, 229, 230]],
  [
    22,
    [
      129, 132, 133, 134, 136, 146, 154, 156, 160, 163, 164, 169, 170, 173, 178, 181, 185, 186, 187, 189, 190, 196, 198,
      228, 232, 233,
    ],
  ],
  [
    23,
    [
      1, 135, 137, 138, 139, 140, 141, 143, 147, 149, 150, 151, 152, 155, 157, 158, 165, 166, 168, 174, 175, 180, 182,
      183, 188, 191, 197, 231, 239,
    ],
  ],
  [24, [9, 142, 144, 145, 148, 159, 171, 206, 215, 225, 236, 237]],
  [25, [199, 207, 234, 235]],
  [26, [192, 193, 200, 201, 202, 205, 210, 213, 218, 219, 238, 240, 242, 243, 255]],
  [27, [203, 204, 211, 212, 214, 221, 222, 223, 241, 244, 245, 246, 247, 248, 250, 251, 252, 253, 254]],
  [
    28,
    [2, 3, 4, 5, 6, 7, 8, 11, 12, 14, 15, 16, 17, 18, 19, 20, 21, 23, 24, 25, 26, 27, 28, 29, 30, 31, 127, 220, 249],
  ],
  [30, [10, 13, 22, endOfString]],
];

function text(symbols: string): number[] {
  return [...Buffer.from(symbols, 'latin1')];
}

/**
 * The code as a binary tree: two cells a node, for the bits 0 and 1. A cell above 0 is the next node, one below 0 is the
 * symbol -1 - cell, 0 is not yet made.
 */
const tree = growTree();

function growTree(): Int16Array {
  const cells = new Int16Array(2 * 256);
  let nodes = 1;
  let code = 0;
  let codeBits = 5;
  for (const [bits, symbols] of symbolsByBits) {
    code <<= bits - codeBits;
    codeBits = bits;
    for (const symbol of symbols) {
      let node = 0;
      for (let bit = bits - 1; bit > 0; bit--) {
        const cell = 2 * node + ((code >>> bit) & 1);
        if (cells[cell] === 0) cells[cell] = nodes++;
        node = cells[cell] ?? 0;
      }
      cells[2 * node + (code & 1)] = -1 - symbol;
      code++;
    }
  }
  return cells;
}

/**
 * A string of HPACK's Huffman code, one character a byte (RFC 7541, section 5.2).
 * @throws ProtocolError when it ends in other padding than up to 7 bits of the end-of-string code, or contains that code
 */
export function decodeHuffman(bytes: Uint8Array, from: number, to: number): string {
  const symbols = Buffer.allocUnsafe(Math.floor(((to - from) * 8) / 5));
  let count = 0;
  let node = 0;
  let bitsSince = 0;
  let onesSince = true;
  for (let at = from; at < to; at++) {
    const byte = byteAt(bytes, at);
    for (let shift = 7; shift >= 0; shift--) {
      const bit = (byte >>> shift) & 1;
      const next = tree[2 * node + bit] ?? 0;
      bitsSince++;
      onesSince &&= bit === 1;
      if (next >= 0) {
        node = next;
        continue;
      }
      if (next === -1 - endOfString) throw broken('an end of string inside of one');
      symbols[count++] = -1 - next;
      node = 0;
      bitsSince = 0;
      onesSince = true;
    }
  }
  if (bitsSince > 7 || !onesSince) throw broken('a string that ends within a symbol');
  return symbols.toString('latin1', 0, count);
}

function broken(what: string): ProtocolError {
  return new ProtocolError(errorCode.compressionError, `header compression: ${what}`);
}
