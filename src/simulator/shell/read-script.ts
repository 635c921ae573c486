import type { ShellHost } from './host.ts';
import type { CommandStreams } from './command.ts';
import { parseScript } from './syntax.ts';
import type { Script } from './syntax.ts';
import { ShellSyntaxError } from './tokens.ts';

/** What a shell that takes its commands from standard input needs of itself. */
interface ScriptReader {
  readonly run: (script: Script) => Promise<number>;
  /** The next line, empty at the end; undefined when a trap is to be run first. */
  readonly readLine: () => Promise<Buffer | undefined>;
  readonly runTraps: () => Promise<number>;
}

/**
 * Runs what is read, a line at a time and on where a line leaves a command open, and answers the last status. At a terminal
 * it prompts, and outlives errors.
 */
export async function runInput(
  { terminal, surroundings }: ShellHost,
  { error }: CommandStreams,
  { run, readLine, runTraps }: ScriptReader,
): Promise<number> {
  let status = 0;
  for (let text = ''; ;) {
    if (terminal) error(Buffer.from(text !== '' ? '> ' : surroundings.user.uid === 0 ? '# ' : '$ '));
    const line = await readLine();
    if (line === undefined) {
      status = await runTraps();
      continue;
    }
    text += line.toString();
    try {
      status = await run(parseScript(text));
    } catch (problem) {
      if (!(problem instanceof ShellSyntaxError)) throw problem;
      if (problem.incomplete && line.length > 0) continue;
      error(Buffer.from(`sh: syntax error: ${problem.message}\n`));
      status = 2;
      if (!terminal) return status;
    }
    if (line.length === 0) return status;
    text = '';
  }
}
