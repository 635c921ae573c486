import { createCipheriv, createHash } from 'node:crypto';
import { fixtureGroups, fixtureUsers } from '../../kit/fixture-images.ts';
import type { Busybox } from '../busybox.ts';
import { effectiveUserProgram } from './effective-user.ts';
import type { LayerEntry } from './layer.ts';

/** Bytes that no compressor shrinks and that depend on the seed alone: an AES-CTR key stream. */
export function randomBytesOf(seed: string, sizeBytes: number): Buffer {
  const key = createHash('sha256').update(seed).digest().subarray(0, 16);
  return createCipheriv('aes-128-ctr', key, Buffer.alloc(16)).update(Buffer.alloc(sizeBytes));
}

/** Text that compresses to a few thousandths of its size. */
export function repetitiveBytes(sizeBytes: number): Buffer {
  return Buffer.alloc(sizeBytes, 'the same line again and again, as logs have it\n');
}

/** The root file system of the images with a shell. */
export function shellEntries(busybox: Busybox): readonly LayerEntry[] {
  return [
    ...['bin', 'dev', 'etc', 'home', 'proc', 'run', 'sys', 'usr', 'usr/sbin', 'var'].map(folder),
    { path: 'root/', type: 'directory', mode: 0o700 },
    ...['tmp/', 'var/tmp/'].map((path) => ({ path, type: 'directory', mode: 0o1777 }) as const),
    ...['var/www', 'var/crible', 'var/log'].map(folder),
    { path: 'home/default-user/', type: 'directory', mode: 0o755, uid: 1000, gid: 1000 },
    textFile('etc/passwd', fixtureUsers.map(passwdLine)),
    textFile('etc/group', fixtureGroups.map(groupLine)),
    { path: 'bin/busybox', type: 'file', mode: 0o755, data: busybox.program },
    ...busybox.applets
      .filter((name) => name !== 'busybox')
      .map((name) => ({ path: `bin/${name}`, type: 'symlink', mode: 0o777, target: 'busybox' }) as const),
  ];
}

/** A program of root's that runs as root whoever starts it; none for an architecture whose machine code is not known here. */
export function setUidEntries(architecture: string): readonly LayerEntry[] {
  const data = effectiveUserProgram(architecture);
  return data === undefined ? [] : [{ path: 'bin/effective-user', type: 'file', mode: 0o4755, data }];
}

function folder(path: string): LayerEntry {
  return { path: `${path}/`, type: 'directory', mode: 0o755 };
}

export function textFile(path: string, lines: readonly string[]): LayerEntry {
  return { path, type: 'file', mode: 0o644, data: Buffer.from(lines.map((line) => `${line}\n`).join('')) };
}

function passwdLine({ name, uid, gid, home }: (typeof fixtureUsers)[number]): string {
  return `${name}:x:${String(uid)}:${String(gid)}:${name}:${home}:/bin/sh`;
}

function groupLine({ name, gid, members }: (typeof fixtureGroups)[number]): string {
  return `${name}:x:${String(gid)}:${members.join(',')}`;
}
