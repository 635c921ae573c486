import { posix } from 'node:path';
import type { PodNetwork } from './pod-network.ts';

/** Numeric, as the kernel knows a user. */
export interface User {
  readonly uid: number;
  readonly gid: number;
  /** Supplemental groups, gid among them. */
  readonly groups: readonly number[];
}

/** What every process of a container finds: made from the container's configuration, shared by main process and execs. */
export interface Surroundings {
  readonly variables: Readonly<Record<string, string>>;
  readonly workingDirectory: string;
  readonly hostname: string;
  readonly user: User;
  readonly files: ContainerFiles;
  readonly network: PodNetwork;
}

/** A path as the container's processes mean it. */
export function absolute(path: string, { workingDirectory }: Surroundings): string {
  return posix.resolve(workingDirectory, path);
}

/**
 * The writable files of a container by absolute path, in memory. Folders always exist, the image's own files are absent:
 * layers are not unpacked.
 */
export class ContainerFiles {
  readonly #contents = new Map<string, Buffer>();
  readonly #ofKernel: ReadonlyMap<string, string>;

  /** @param ofKernel texts that the kernel makes, by absolute path; they take no space and are only read */
  constructor(ofKernel: ReadonlyMap<string, string> = new Map()) {
    this.#ofKernel = ofKernel;
  }

  get count(): number {
    return this.#contents.size;
  }

  get sizeBytes(): number {
    return [...this.#contents.values()].reduce((sum, content) => sum + content.length, 0);
  }

  get paths(): readonly string[] {
    return [...this.#contents.keys()];
  }

  /** @throws Error when there is no such file. */
  read(path: string): Buffer {
    if (path === '/dev/null') return Buffer.alloc(0);
    const ofKernel = this.#ofKernel.get(posix.normalize(path));
    if (ofKernel !== undefined) return Buffer.from(ofKernel);
    const content = this.#contents.get(posix.normalize(path));
    if (content === undefined) throw new Error(`${path}: No such file or directory`);
    return content;
  }

  has(path: string): boolean {
    return path === '/dev/null' || this.#contents.has(posix.normalize(path));
  }

  truncate(path: string): void {
    this.#contents.set(posix.normalize(path), Buffer.alloc(0));
  }

  append(path: string, bytes: Uint8Array): void {
    const before = this.#contents.get(posix.normalize(path)) ?? Buffer.alloc(0);
    this.#contents.set(posix.normalize(path), Buffer.concat([before, bytes]));
  }

  remove(path: string): boolean {
    return this.#contents.delete(posix.normalize(path));
  }
}
