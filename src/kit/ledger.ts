import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { cribleHome, runFolder } from './home.ts';
import { thisProcess, type ProcessIdentity } from './process-identity.ts';

/**
 * What a run makes that neither labels in the runtime nor its own name can tell: an image that was absent before it. Its
 * cgroups and its folder are found by the run's id.
 */
const intentSchema = z.object({ kind: z.literal('image'), endpoint: z.string(), reference: z.string() });
export type Intent = z.infer<typeof intentSchema>;

const ownerSchema = z.object({ host: z.string(), pid: z.number(), startTime: z.string() });

/**
 * Intents of a run, appended before each creation, so that a run that is killed leaves word of what it may have made.
 * The workers of a run append to the same file; single lines below the pipe buffer's size do not interleave.
 */
export class Ledger {
  readonly #path: string;

  private constructor(path: string) {
    this.#path = path;
  }

  /** Opens the ledger of a new run; the calling process owns everything in it. */
  static create(runId: string): Ledger {
    const folder = runFolder(runId);
    mkdirSync(folder, { recursive: true, mode: 0o755 });
    writeFileSync(join(folder, 'owner.json'), JSON.stringify(thisProcess()));
    return Ledger.join(runId);
  }

  /** The ledger of a run that another process opened. */
  static join(runId: string): Ledger {
    return new Ledger(join(runFolder(runId), 'ledger.ndjson'));
  }

  /** Must return before the thing is created. */
  intend(intent: Intent): void {
    appendFileSync(this.#path, `${JSON.stringify(intent)}\n`);
  }

  /** Everything intended so far; a line cut by a crash is passed over. */
  read(): readonly Intent[] {
    if (!existsSync(this.#path)) return [];
    return readFileSync(this.#path, 'utf8').split('\n').flatMap(parseLine);
  }

  get folder(): string {
    return dirname(this.#path);
  }
}

function parseLine(line: string): readonly Intent[] {
  try {
    const intent = intentSchema.safeParse(JSON.parse(line));
    return intent.success ? [intent.data] : [];
  } catch {
    return [];
  }
}

/** Runs that left a folder behind on this machine, with their owners; one whose owner cannot be read has none. */
export function recordedRuns(): readonly { readonly runId: string; readonly owner: ProcessIdentity | undefined }[] {
  const runs = join(cribleHome(), 'runs');
  if (!existsSync(runs)) return [];
  return readdirSync(runs).map((runId) => ({ runId, owner: readOwner(join(runs, runId, 'owner.json')) }));
}

function readOwner(path: string): ProcessIdentity | undefined {
  try {
    return ownerSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    return undefined;
  }
}
