import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync } from 'node:fs';
import type { CaseContext } from './case.ts';
import { textOf } from './cgroup-usage.ts';
import { SetupError } from './setup.ts';

/** apparmorfs (apparmor(7)): the loaded profiles, `NAME (MODE)` a line, and what removes one by its name. */
const loadedFile = '/sys/kernel/security/apparmor/profiles';
const removeFile = '/sys/kernel/security/apparmor/.remove';
const parserMs = 20_000;

/** The names of all AppArmor profiles of a run begin so. */
function prefixOf(runId: string): string {
  return `crible-${runId}-`;
}

/** AppArmor profiles of one case. */
interface Profiles {
  /** Loads a profile of these rules. @returns its name; @throws SetupError with the words of apparmor_parser */
  readonly load: (word: string, rules: readonly string[]) => Promise<string>;
  /** A name that no profile has. */
  readonly missing: string;
}

/** The body of a case that loads AppArmor profiles; they are removed with it. Takes the feature apparmor. */
export function withProfiles(
  body: (context: CaseContext, profiles: Profiles) => Promise<void>,
): (context: CaseContext) => Promise<void> {
  return async (context) => {
    const own = `${prefixOf(context.target.runId)}${process.hrtime.bigint().toString(36)}-`;
    const loaded: string[] = [];
    const load = async (word: string, rules: readonly string[]): Promise<string> => {
      const name = `${own}${word}`;
      loaded.push(name);
      await parse(`profile ${name} flags=(attach_disconnected,mediate_deleted) {\n${rules.join('\n')}\n}\n`);
      return name;
    };
    try {
      await body(context, { load, missing: `${own}missing` });
    } finally {
      remove(loaded.filter((name) => loadedProfiles().includes(name)));
    }
  };
}

/** Removes the profiles that a run which was killed left in the kernel. @returns their names */
export function removeProfilesOf(runId: string): readonly string[] {
  const left = loadedProfiles().filter((name) => name.startsWith(prefixOf(runId)));
  remove(left);
  return left;
}

function loadedProfiles(): readonly string[] {
  return (textOf(loadedFile) ?? '').split('\n').map((line) => line.replace(/ \([a-z]+\)$/, ''));
}

function remove(names: readonly string[]): void {
  for (const name of names) appendFileSync(removeFile, name);
}

async function parse(text: string): Promise<void> {
  try {
    const signal = AbortSignal.timeout(parserMs);
    const parser = spawn('apparmor_parser', ['--replace', '--skip-cache', '--quiet'], { stdio: 'pipe', signal });
    let words = '';
    parser.stderr.on('data', (chunk: Buffer) => (words += chunk.toString()));
    // One that cannot be started, or ends early, says so by its exit.
    parser.stdin.on('error', () => undefined).end(text);
    const ended: unknown[] = await once(parser, 'close');
    if (ended[0] !== 0) throw new Error(words.trim());
  } catch (error) {
    throw new SetupError('load an AppArmor profile', error);
  }
}
