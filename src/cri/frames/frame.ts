/** The numbers of HTTP/2 (RFC 9113, sections 4, 6 and 7), and frames written into memory. */

export const frameHeaderBytes = 9;
/** What a peer may send unless told otherwise, and what we take: SETTINGS_MAX_FRAME_SIZE is left at its default. */
export const defaultMaxFrameBytes = 16_384;
/** The window of a stream and of the connection before anybody says otherwise. */
export const defaultWindowBytes = 65_535;
/** No window may grow beyond this; stream ids end here too. */
export const largest31Bit = 0x7fff_ffff;

export const frameType = {
  data: 0,
  headers: 1,
  priority: 2,
  rstStream: 3,
  settings: 4,
  pushPromise: 5,
  ping: 6,
  goAway: 7,
  windowUpdate: 8,
  continuation: 9,
} as const;

export const flag = { endStream: 0x1, ack: 0x1, endHeaders: 0x4, padded: 0x8, priority: 0x20 } as const;

export const setting = {
  headerTableSize: 1,
  enablePush: 2,
  maxConcurrentStreams: 3,
  initialWindowSize: 4,
  maxFrameSize: 5,
} as const;

export const errorCode = {
  noError: 0,
  protocolError: 1,
  internalError: 2,
  flowControlError: 3,
  frameSizeError: 6,
  refusedStream: 7,
  cancel: 8,
  compressionError: 9,
  enhanceYourCalm: 11,
  inadequateSecurity: 12,
} as const;

/** The peer broke HTTP/2, so that its connection cannot be used any longer. */
export class ProtocolError extends Error {
  /** What the peer is told in GOAWAY. */
  readonly errorCode: number;

  constructor(code: number, message: string) {
    super(message);
    this.name = 'ProtocolError';
    this.errorCode = code;
  }
}

export function writeFrameHeader(
  into: Buffer,
  at: number,
  lengthBytes: number,
  type: number,
  flags: number,
  streamId: number,
): void {
  into[at] = lengthBytes >>> 16;
  into[at + 1] = lengthBytes >>> 8;
  into[at + 2] = lengthBytes;
  into[at + 3] = type;
  into[at + 4] = flags;
  writeUint32(into, at + 5, streamId);
}

export function writeUint32(into: Buffer, at: number, value: number): void {
  into[at] = value >>> 24;
  into[at + 1] = value >>> 16;
  into[at + 2] = value >>> 8;
  into[at + 3] = value;
}

/** A byte that is known to be there. */
export function byteAt(bytes: Uint8Array, at: number): number {
  return bytes[at] ?? 0;
}

export function uint32At(bytes: Uint8Array, at: number): number {
  return (uint31At(bytes, at) | ((byteAt(bytes, at) & 0x80) << 24)) >>> 0;
}

/** Stream ids and window increments, whose first bit is reserved and to be ignored. */
export function uint31At(bytes: Uint8Array, at: number): number {
  return (
    ((byteAt(bytes, at) & 0x7f) << 24) |
    (byteAt(bytes, at + 1) << 16) |
    (byteAt(bytes, at + 2) << 8) |
    byteAt(bytes, at + 3)
  );
}
