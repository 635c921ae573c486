/** By Node's name of the architecture: its number in an ELF header, and the code of `exit(geteuid())`. */
const machines: Readonly<Record<string, { readonly number: number; readonly code: string }>> = {
  // mov $107,%eax; syscall; mov %eax,%edi; mov $60,%eax; syscall
  x64: { number: 62, code: 'b86b000000 0f05 89c7 b83c000000 0f05' },
  // mov x8,#175; svc #0; mov x8,#93; svc #0
  arm64: { number: 183, code: 'e81580d2 010000d4 a80b80d2 010000d4' },
};

const headerBytes = 64;
const segmentHeaderBytes = 56;
const address = 0x40_0000n;
/** The largest page that Linux has on these machines. */
const pageBytes = 0x1_0000n;

/**
 * An executable for Linux that does nothing but end with its effective uid as exit code, of which eight bits are left. A
 * shell tells nothing of its effective uid: busybox gives set-uid rights away when it starts, as is its duty.
 * @param architecture as in process.arch
 * @returns undefined for an architecture whose machine code is not known here
 */
export function effectiveUserProgram(architecture: string): Buffer | undefined {
  const machine = machines[architecture];
  if (machine === undefined) return undefined;
  const code = Buffer.from(machine.code.replaceAll(' ', ''), 'hex');
  const start = headerBytes + segmentHeaderBytes;
  return Buffer.concat([header(machine.number, BigInt(start)), segment(BigInt(start + code.length)), code]);
}

/** elf(5): Elf64_Ehdr of a little-endian executable with one segment and no sections. */
function header(machine: number, start: bigint): Buffer {
  const bytes = Buffer.alloc(headerBytes);
  bytes.write('7f454c46020101', 'hex');
  bytes.writeUInt16LE(2, 16);
  bytes.writeUInt16LE(machine, 18);
  bytes.writeUInt32LE(1, 20);
  bytes.writeBigUInt64LE(address + start, 24);
  bytes.writeBigUInt64LE(BigInt(headerBytes), 32);
  bytes.writeUInt16LE(headerBytes, 52);
  bytes.writeUInt16LE(segmentHeaderBytes, 54);
  bytes.writeUInt16LE(1, 56);
  return bytes;
}

/** elf(5): Elf64_Phdr that loads the whole file, to be read and executed. */
function segment(sizeBytes: bigint): Buffer {
  const bytes = Buffer.alloc(segmentHeaderBytes);
  bytes.writeUInt32LE(1, 0);
  bytes.writeUInt32LE(5, 4);
  bytes.writeBigUInt64LE(address, 16);
  bytes.writeBigUInt64LE(address, 24);
  bytes.writeBigUInt64LE(sizeBytes, 32);
  bytes.writeBigUInt64LE(sizeBytes, 40);
  bytes.writeBigUInt64LE(pageBytes, 48);
  return bytes;
}
