import { commands } from './shell/commands.ts';
import { parseScript } from './shell/syntax.ts';
import type { Command, Script } from './shell/syntax.ts';
import { ShellSyntaxError } from './shell/tokens.ts';
import type { Word } from './shell/tokens.ts';

/**
 * What a container or an exec runs instead of a process: a parsed script. Known are the programs of commands.ts, `kill`, and
 * `sh [-c SCRIPT]` with the part of the shell that parseScript reads and the built-ins of shell.ts. In a script, a command
 * that is not known ends with 127 and a syntax that is not known with 2, as in a real shell.
 */
export type Program = Script;

/** argv names nothing that can be executed: what an OCI runtime reports when it cannot start the process. */
export class CommandNotFoundError extends Error {
  constructor(command: string) {
    super(`exec: ${JSON.stringify(command)}: executable file not found in $PATH (the simulator knows ${known})`);
    this.name = 'CommandNotFoundError';
  }
}

const binFolders = /^(?:\/usr)?\/s?bin\//;
const shells = new Set(['sh', 'ash']);
const known = [...Object.keys(commands), 'kill', 'pause', 'sh'].join(', ');

/** As the pause image's only program: ends with 0 on INT and TERM. */
const pause = parseScript("trap 'exit 0' INT TERM; sleep infinity & wait");

/**
 * Reads argv as a program.
 * @throws CommandNotFoundError when its first word is no command.
 */
export function parseProgram(argv: readonly string[]): Program {
  const [command = '', ...parameters] = argv;
  const name = commandName(command);
  if (shells.has(name)) return parseShell(parameters);
  if (command === '/pause' || name === 'pause') return pause;
  if (!isCommand(name)) throw new CommandNotFoundError(command);
  return [simple([name, ...parameters])];
}

/** The name by which a command is known, without the folders that are on every PATH. */
export function commandName(command: string): string {
  return command.replace(binFolders, '');
}

function isCommand(name: string): boolean {
  return Object.hasOwn(commands, name) || name === 'kill';
}

/** The program of `sh` with these parameters: `-c SCRIPT`, or none for what standard input says. */
export function parseShell([option, script]: readonly string[]): Program {
  if (option === undefined) return [{ kind: 'standard-input' }];
  if (option !== '-c' || script === undefined)
    return failing(`illegal option ${option} (the simulator knows sh [-c SCRIPT])`);
  try {
    return parseScript(script);
  } catch (error) {
    if (error instanceof ShellSyntaxError) return failing(`syntax error: ${error.message}`);
    throw error;
  }
}

function failing(message: string): Program {
  const complaint = simple(['echo', `sh: ${message}`], [{ fd: 1, mode: '>&', target: literal('2') }]);
  return [complaint, simple(['exit', '2'])];
}

function simple(words: readonly string[], redirects: (Command & { kind: 'simple' })['redirects'] = []): Command {
  return { kind: 'simple', words: words.map(literal), redirects };
}

function literal(text: string): Word {
  return { parts: [{ kind: 'text', text }], quoted: true };
}
