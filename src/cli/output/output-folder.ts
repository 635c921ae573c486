import {
  closeSync,
  existsSync,
  lstatSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { messageOf, UsageError } from '../../model/error.ts';

/** Where runs write unless told otherwise, from the folder that crible was started in. */
export function defaultFolder(runId: string): string {
  return join('reports', 'out', runId);
}

/** The folder that a run writes to. Its files exist from the moment it is opened, so that a bad path costs no run. */
export class OutputFolder {
  /** Absolute. */
  readonly path: string;

  private constructor(path: string) {
    this.path = path;
  }

  /**
   * Makes the folder and tries to write every file that the run will want to write.
   * @throws UsageError when the folder cannot be made or written to
   */
  static open(path: string, fileNames: readonly string[]): OutputFolder {
    const folder = new OutputFolder(resolve(path));
    try {
      makeFolder(folder.path);
      for (const name of fileNames) closeSync(openSync(folder.fileOf(name), 'w'));
    } catch (error) {
      throw new UsageError(
        `cannot write to the folder ${path}: ${messageOf(error)}`,
        'name another one with --out DIR',
        {
          cause: error,
        },
      );
    }
    return folder;
  }

  fileOf(name: string): string {
    return join(this.path, name);
  }

  /** Replaces a file in one step: no reader and no crash sees half of it. */
  write(name: string, text: string): void {
    const path = this.fileOf(name);
    writeFileSync(`${path}.new`, text);
    renameSync(`${path}.new`, path);
  }

  /** Removes a file that nothing was ever written to: an empty report says less than none. */
  removeEmpty(name: string): void {
    if (statSync(this.fileOf(name), { throwIfNoEntry: false })?.size === 0) rmSync(this.fileOf(name));
  }

  /** Lets `latest` beside the folder point to it. Something else of that name is left alone. */
  becomeLatest(): void {
    const link = join(dirname(this.path), 'latest');
    if (lstatSync(link, { throwIfNoEntry: false })?.isSymbolicLink() === false) return;
    const fresh = `${link}.${String(process.pid)}`;
    try {
      symlinkSync(basename(this.path), fresh);
      renameSync(fresh, link);
    } catch (error) {
      if (existsSync(fresh)) rmSync(fresh);
      throw error;
    }
  }
}

/** Step by step: Node's own recursive mkdir never comes back where the file system refuses with ENOENT, as /proc does. */
function makeFolder(path: string): void {
  if (existsSync(path)) return;
  makeFolder(dirname(path));
  mkdirSync(path);
}
