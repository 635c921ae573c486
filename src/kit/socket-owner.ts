import { readdirSync, readlinkSync, realpathSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { textOf } from './cgroup-usage.ts';

/** Who listens on a socket; a problem says why nobody can be named. */
export type SocketOwner =
  { readonly ok: true; readonly pid: number } | { readonly ok: false; readonly problem: string };

/** systemd holds the sockets that it activates services by, and serves none of them. */
const init = 1;

/** The process that listens on a unix socket, by the path of the socket as it is seen from here. */
export function unixSocketOwner(path: string, proc = '/proc'): SocketOwner {
  const paths = spellings(path);
  const own = listeners(textOf(join(proc, 'net/unix')) ?? '', paths);
  const inodes = own.length > 0 ? own : elsewhere(paths, proc);
  if (inodes.length === 0) return { ok: false, problem: `no process of this machine listens on ${path}` };
  // A namesake in another mount namespace, such as a container's, is another socket: the file tells them apart.
  const look = (): readonly number[] =>
    holdersOf(inodes, proc).filter((pid) => sameFile(path, join(proc, String(pid), 'root', path)));
  return oneOf(look, path, proc);
}

/** The process that listens on a TCP address of this machine, as in `127.0.0.1:5000`. */
export function tcpSocketOwner(address: string, proc = '/proc'): SocketOwner {
  const [, host = '', port = ''] = /^(.*):(\d+)$/.exec(address) ?? [];
  const inodes = tcpListeners(textOf(join(proc, 'net/tcp')) ?? '', host, Number(port));
  if (inodes.length === 0) return { ok: false, problem: `no process of this machine listens on ${address}` };
  return oneOf(() => holdersOf(inodes, proc), address, proc);
}

/** Inodes of the sockets in /proc/net/unix (proc(5)) that accept connections at one of the paths: type 1, flag __SO_ACCEPTCON. */
function listeners(text: string, paths: readonly string[]): readonly string[] {
  return text.split('\n').flatMap((line) => {
    const [, , , flags, , , inode, ...path] = line.trim().split(/ +/);
    return flags === '00010000' && inode !== undefined && paths.includes(path.join(' ')) ? [inode] : [];
  });
}

/** Inodes of listening sockets (state 0A) in /proc/net/tcp, where an address is hexadecimal in the order of a little-endian machine's bytes. */
function tcpListeners(text: string, host: string, port: number): readonly string[] {
  const bytes = host.split('.').map((part) => Number(part).toString(16).padStart(2, '0'));
  const local = `${bytes.reverse().join('')}:${port.toString(16).padStart(4, '0')}`.toUpperCase();
  return text.split('\n').flatMap((line) => {
    const fields = line.trim().split(/ +/);
    return fields[1] === local && fields[3] === '0A' && fields[9] !== undefined ? [fields[9]] : [];
  });
}

/** A socket is listed by the path that its daemon bound, which may lead over another link than ours. */
function spellings(path: string): readonly string[] {
  const plain = path.replace(/^\/var\/run\//, '/run/');
  let real = path;
  try {
    real = realpathSync(path);
  } catch {
    // Not visible from here; the spelling stands.
  }
  return [...new Set([path, plain, plain.replace(/^\/run\//, '/var/run/'), real])];
}

/** Unix sockets are listed by network namespace: looks into those of all other processes. */
function elsewhere(paths: readonly string[], proc: string): readonly string[] {
  const seen = new Set([linkOf(join(proc, 'self/ns/net'))]);
  return processIds(proc).flatMap((pid) => {
    const namespace = linkOf(join(proc, String(pid), 'ns/net'));
    if (namespace === undefined || seen.has(namespace)) return [];
    seen.add(namespace);
    return listeners(textOf(join(proc, String(pid), 'net/unix')) ?? '', paths);
  });
}

function holdersOf(inodes: readonly string[], proc: string): readonly number[] {
  const wanted = new Set(inodes.map((inode) => `socket:[${inode}]`));
  return processIds(proc).filter((pid) => pid !== init && descriptorsOf(pid, proc).some((link) => wanted.has(link)));
}

function descriptorsOf(pid: number, proc: string): readonly string[] {
  const folder = join(proc, String(pid), 'fd');
  try {
    return readdirSync(folder).flatMap((name) => linkOf(join(folder, name)) ?? []);
  } catch {
    // It ended meanwhile, or belongs to somebody else.
    return [];
  }
}

/**
 * Of several that hold one socket, the one that the others descend from serves it. A process that a daemon starts holds it too
 * until it is another program, and may have lost its parent by then: such a one is gone at a second look.
 */
function oneOf(look: () => readonly number[], address: string, proc: string): SocketOwner {
  const holders = look();
  const [first] = holders;
  if (first === undefined) {
    return { ok: false, problem: `the process that listens on ${address} is not visible to this user` };
  }
  const seen = holders.filter((pid) => !holders.includes(parentOf(pid, proc) ?? 0));
  const stay = seen.length > 1 ? look() : seen;
  const heads = seen.filter((pid) => stay.includes(pid));
  const [head, other] = heads.length === 0 ? [first] : heads;
  if (head === undefined || other !== undefined) {
    return { ok: false, problem: `several processes listen on ${address}: ${heads.join(', ')}` };
  }
  return { ok: true, pid: head };
}

/** Parent of a process: field 4 of /proc/PID/stat, counted after the parenthesised name. */
function parentOf(pid: number, proc: string): number | undefined {
  const stat = textOf(join(proc, String(pid), 'stat'));
  return stat === undefined ? undefined : Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
}

/** Whether two paths are one file; true where that cannot be seen. */
function sameFile(path: string, other: string): boolean {
  try {
    const [a, b] = [statSync(path), statSync(other)];
    return a.dev === b.dev && a.ino === b.ino;
  } catch {
    return true;
  }
}

/** Processes that there are now; each may be gone when it is looked at. */
export function processIds(proc = '/proc'): readonly number[] {
  try {
    return readdirSync(proc)
      .filter((name) => /^\d+$/.test(name))
      .map(Number);
  } catch {
    return [];
  }
}

function linkOf(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch {
    return undefined;
  }
}
