/** A header field: its name, in lower case, and its value, one character a byte. */
export type HeaderField = readonly [name: string, value: string];

/** The fields that HPACK knows from the start, from index 1 (RFC 7541, appendix A). */
export const staticTable: readonly HeaderField[] = [
  [':authority', ''],
  [':method', 'GET'],
  [':method', 'POST'],
  [':path', '/'],
  [':path', '/index.html'],
  [':scheme', 'http'],
  [':scheme', 'https'],
  ...['200', '204', '206', '304', '400', '404', '500'].map((status): HeaderField => [':status', status]),
  ['accept-charset', ''],
  ['accept-encoding', 'gzip, deflate'],
  ...names('accept-language accept-ranges accept access-control-allow-origin age allow authorization cache-control'),
  ...names('content-disposition content-encoding content-language content-length content-location content-range'),
  ...names('content-type cookie date etag expect expires from host if-match if-modified-since if-none-match if-range'),
  ...names('if-unmodified-since last-modified link location max-forwards proxy-authenticate proxy-authorization range'),
  ...names('referer refresh retry-after server set-cookie strict-transport-security transfer-encoding user-agent'),
  ...names('vary via www-authenticate'),
];

function names(list: string): HeaderField[] {
  return list.split(' ').map((name): HeaderField => [name, '']);
}

/** The size of either side's table before anybody says otherwise, in bytes as HPACK counts them. */
export const defaultTableBytes = 4096;

/** The fields that were sent before on a connection and have an index: the newest comes first behind the static table. */
export class DynamicTable {
  /** The oldest first. */
  readonly #fields: HeaderField[] = [];
  #sizeBytes = 0;
  #limitBytes = defaultTableBytes;

  /** What a field adds to a table's size (RFC 7541, section 4.1). */
  static sizeBytesOf([name, value]: HeaderField): number {
    return name.length + value.length + 32;
  }

  get roomBytes(): number {
    return this.#limitBytes - this.#sizeBytes;
  }

  get length(): number {
    return this.#fields.length;
  }

  /** The field of an index of HPACK's, static ones included; undefined when there is none. */
  at(index: number): HeaderField | undefined {
    return index <= staticTable.length
      ? staticTable[index - 1]
      : this.#fields[this.#fields.length - (index - staticTable.length)];
  }

  /** The index of a field that was added; 0 when there is none. */
  indexOf([name, value]: HeaderField): number {
    const position = this.#fields.findIndex((field) => field[0] === name && field[1] === value);
    return position < 0 ? 0 : staticTable.length + this.#fields.length - position;
  }

  /** Adds a field, for which the oldest give way; one that is larger than the table empties it. */
  add(field: HeaderField): void {
    const sizeBytes = DynamicTable.sizeBytesOf(field);
    this.#shrinkTo(this.#limitBytes - sizeBytes);
    if (sizeBytes > this.#limitBytes) return;
    this.#fields.push(field);
    this.#sizeBytes += sizeBytes;
  }

  limitTo(limitBytes: number): void {
    this.#limitBytes = limitBytes;
    this.#shrinkTo(limitBytes);
  }

  #shrinkTo(limitBytes: number): void {
    while (this.#sizeBytes > limitBytes) {
      const oldest = this.#fields.shift();
      if (oldest === undefined) return;
      this.#sizeBytes -= DynamicTable.sizeBytesOf(oldest);
    }
  }
}
