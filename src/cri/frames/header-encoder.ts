import { defaultTableBytes, DynamicTable, staticTable } from './header-table.ts';
import type { HeaderField } from './header-table.ts';

/** So many blocks of a path are kept; deadlines that are never the same twice do not pile up. */
const mostBlocks = 16;

interface Block {
  readonly bytes: Buffer;
  /** How many fields the table had; with more of them the indexes are others. */
  readonly tableLength: number;
}

/**
 * Encodes the header blocks of requests on one connection. A field goes into the peer's table the first time it is sent
 * and is one byte from then on, and so the block of an RPC stays the same bytes: encoded once, written as often as it is
 * called. Nothing ever leaves the table: when it is full, which all RPCs of the CRI do not fill, fields are spelled out.
 */
export class HeaderEncoder {
  #table = new DynamicTable();
  #limitBytes = defaultTableBytes;
  #resized = false;
  /** By path and by time in ms. */
  readonly #blocks = new Map<string, Map<number, Block>>();

  /** Takes in the peer's SETTINGS_HEADER_TABLE_SIZE, of which no more than the default is used. */
  limitTo(peersBytes: number): void {
    const limitBytes = Math.min(peersBytes, defaultTableBytes);
    if (limitBytes === this.#limitBytes) return;
    this.#limitBytes = limitBytes;
    this.#table = new DynamicTable();
    this.#table.limitTo(limitBytes);
    this.#blocks.clear();
    this.#resized = true;
  }

  /**
   * The header block of a call; to be sent as it is, and before the next one is asked for.
   * @param timeoutMs Infinity for none
   */
  request(path: string, timeoutMs: number): Buffer {
    let blocks = this.#blocks.get(path);
    const known = blocks?.get(timeoutMs);
    if (known?.tableLength === this.#table.length) return known.bytes;
    if (blocks === undefined) this.#blocks.set(path, (blocks = new Map<number, Block>()));

    const bytes: number[] = [];
    const tableLength = this.#table.length;
    const resized = this.#resized;
    if (resized) {
      this.#resized = false;
      integer(bytes, 0x20, 5, 0);
      integer(bytes, 0x20, 5, this.#limitBytes);
    }
    this.#field(bytes, [':method', 'POST']);
    this.#field(bytes, [':scheme', 'http']);
    this.#field(bytes, [':path', path]);
    // The escaped socket path, which other clients send, is refused by Go servers such as CRI-O.
    this.#field(bytes, [':authority', 'localhost']);
    // Not application/grpc+proto: CRI-O tells gRPC from its other protocol by the exact value.
    this.#field(bytes, ['content-type', 'application/grpc']);
    this.#field(bytes, ['te', 'trailers']);
    if (timeoutMs !== Infinity) literal(bytes, 0, ['grpc-timeout', timeoutOf(timeoutMs)]);

    const block = { bytes: Buffer.from(bytes), tableLength };
    if (tableLength === this.#table.length && !resized) {
      if (blocks.size >= mostBlocks) blocks.clear();
      blocks.set(timeoutMs, block);
    }
    return block.bytes;
  }

  #field(bytes: number[], field: HeaderField): void {
    const index = staticIndexOf(field) || this.#table.indexOf(field);
    if (index > 0) {
      integer(bytes, 0x80, 7, index);
    } else if (DynamicTable.sizeBytesOf(field) <= this.#table.roomBytes) {
      this.#table.add(field);
      literal(bytes, 0x40, field);
    } else {
      literal(bytes, 0, field);
    }
  }
}

/** A time as grpc-timeout has it: at most 8 digits and a unit (gRPC over HTTP2, "Requests"). */
function timeoutOf(timeoutMs: number): string {
  const most = 99_999_999;
  return timeoutMs <= most
    ? `${Math.ceil(timeoutMs).toString()}m`
    : `${Math.min(Math.ceil(timeoutMs / 1000), most).toString()}S`;
}

function staticIndexOf([name, value]: HeaderField): number {
  return staticTable.findIndex((field) => field[0] === name && field[1] === value) + 1;
}

/** A field spelled out; with pattern 0x40 it goes into the peer's table. */
function literal(bytes: number[], pattern: 0 | 0x40, [name, value]: HeaderField): void {
  const nameIndex = staticTable.findIndex((field) => field[0] === name) + 1;
  integer(bytes, pattern, pattern === 0 ? 4 : 6, nameIndex);
  if (nameIndex === 0) string(bytes, name);
  string(bytes, value);
}

function string(bytes: number[], text: string): void {
  integer(bytes, 0, 7, text.length);
  bytes.push(...Buffer.from(text, 'latin1'));
}

function integer(bytes: number[], pattern: number, prefixBits: number, value: number): void {
  const most = (1 << prefixBits) - 1;
  if (value < most) {
    bytes.push(pattern | value);
    return;
  }
  bytes.push(pattern | most);
  let rest = value - most;
  for (; rest >= 0x80; rest >>>= 7) bytes.push((rest & 0x7f) | 0x80);
  bytes.push(rest);
}
