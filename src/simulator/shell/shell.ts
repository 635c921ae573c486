import { messageOf } from '../../model/error.ts';
import { commandName, parseShell } from '../program.ts';
import type { CommandStreams } from './command.ts';
import { commands } from './commands.ts';
import { runIf, runLoop } from './control-flow.ts';
import { Exit } from './host.ts';
import type { ShellHost } from './host.ts';
import { Input } from './input.ts';
import { Jobs } from './jobs.ts';
import { kill } from './kill.ts';
import { LineReader } from './line-reader.ts';
import { runPipeline } from './pipeline.ts';
import { assignedFields } from './read-fields.ts';
import { runInput } from './read-script.ts';
import { redirecting } from './redirection.ts';
import type { Command, Redirect, Script } from './syntax.ts';
import type { Word } from './tokens.ts';
import { Traps } from './traps.ts';
import { expandWords } from './word-expansion.ts';

type BuiltIn = (parameters: readonly string[], streams: CommandStreams) => Promise<number> | number;

/**
 * Runs a script. Signals behave as in a real shell: a trap runs after the command in the foreground has ended, so a shell
 * that sleeps hears of it only then; one that sleeps in the background and waits, or reads, hears of it at once.
 */
export class Shell {
  readonly #host: ShellHost;
  readonly #variables: Map<string, string>;
  readonly #traps = new Traps();
  readonly #jobs: Jobs;
  readonly #lines: LineReader;
  readonly #builtIns: Readonly<Record<string, BuiltIn>>;
  #status = 0;
  /** What `exec` without a command redirected for good. */
  #own: Partial<CommandStreams> = {};

  constructor(
    host: ShellHost,
    variables: Iterable<readonly [string, string]> = Object.entries(host.surroundings.variables),
  ) {
    this.#host = host;
    this.#jobs = new Jobs(host.pid);
    this.#lines = new LineReader(host.life);
    this.#variables = new Map(variables);
    this.#builtIns = {
      ':': () => 0,
      exit: ([code]) => {
        throw new Exit(code === undefined ? this.#status : Number(code) & 255);
      },
      trap: ([action = '', ...names]) => {
        this.#traps.set(action, names);
        return 0;
      },
      wait: (ids) => {
        const { pending } = this.#traps;
        return pending === undefined ? this.#jobs.wait(ids, host.life) : 128 + pending;
      },
      read: (names, streams) => this.#read(names, streams),
      kill: (parameters) => kill(parameters, host.kill),
      sh: (parameters, streams) => this.#subshell(parseShell(parameters), streams),
      exec: async (words, streams) => {
        this.#own = streams;
        if (words.length === 0) return 0;
        this.#traps.clear();
        throw new Exit(await this.#invoke(words, streams));
      },
    };
  }

  /** Runs the script to its end and answers the status of its last command. Throws Exit when the script exits or the process dies. */
  async run(script: Script, streams: CommandStreams): Promise<number> {
    for (const command of script) {
      this.#status = await this.#execute(command, streams);
    }
    return this.#status;
  }

  /** Hands a signal to the trap that is set for it; false when there is none. */
  deliver(signal: number): boolean {
    const delivered = this.#traps.deliver(signal);
    if (delivered === 'arrived') {
      this.#jobs.interruptWait(128 + signal);
      this.#lines.interrupt();
    }
    return delivered !== 'untrapped';
  }

  async #execute(command: Command, given: CommandStreams): Promise<number> {
    this.#host.life.throwIfAborted();
    const streams = { ...given, ...this.#own };
    switch (command.kind) {
      case 'simple': {
        const words = await this.#expand(command.words, streams);
        this.#status = await this.#redirecting(command.redirects, streams, (inner) => this.#invoke(words, inner));
        return this.#runTraps(streams);
      }
      case 'assignment':
        this.#variables.set(command.variable, (await this.#expand([command.value], streams)).join(' '));
        return 0;
      case 'pipeline': {
        const status = await runPipeline(command.commands, streams, (each, piped) => this.#subshell([each], piped));
        return command.negated ? Number(status === 0) : status;
      }
      case 'and-or': {
        this.#status = await this.#execute(command.left, streams);
        return (this.#status === 0) === (command.operator === '&&')
          ? this.#execute(command.right, streams)
          : this.#status;
      }
      case 'background':
        return this.#startJob(command.command, streams);
      case 'loop':
        return runLoop(command, (script) => this.run(script, streams), this.#host.life);
      case 'for': {
        let status = 0;
        for (const value of await this.#expand(command.words, streams)) {
          this.#variables.set(command.variable, value);
          status = await this.run(command.body, streams);
        }
        return status;
      }
      case 'if':
        return runIf(command, (script) => this.run(script, streams));
      case 'group':
        return this.run(command.body, streams);
      case 'subshell':
        return this.#subshell(command.body, streams);
      case 'redirected':
        return this.#redirecting(command.redirects, streams, (inner) => this.#execute(command.command, inner));
      case 'standard-input':
        return runInput(this.#host, streams, {
          run: (script) => this.run(script, streams),
          readLine: () => this.#readLine(streams.input),
          runTraps: () => this.#runTraps(streams),
        });
    }
  }

  /** The traps of the signals that came meanwhile; the status stays that of the command before. */
  async #runTraps(streams: CommandStreams): Promise<number> {
    const status = this.#status;
    for (let script = this.#traps.take(); script; script = this.#traps.take()) {
      await this.run(script, streams);
      this.#status = status;
    }
    return status;
  }

  /** A shell within: it has the variables, but neither the traps nor the jobs, and its end is not this one's. */
  async #subshell(script: Script, streams: CommandStreams): Promise<number> {
    try {
      return await new Shell(this.#host, this.#variables).run(script, streams);
    } catch (error) {
      this.#host.life.throwIfAborted();
      if (error instanceof Exit) return error.exitCode;
      throw error;
    }
  }

  async #invoke(words: readonly string[], streams: CommandStreams): Promise<number> {
    const [word, ...parameters] = words;
    if (word === undefined) return 0;
    const { surroundings, terminal, life, onCommand } = this.#host;
    const run = this.#invoke.bind(this);
    const name = commandName(word);
    onCommand();
    try {
      const builtIn = Object.hasOwn(this.#builtIns, name) ? this.#builtIns[name] : undefined;
      if (builtIn) {
        const status = await builtIn(parameters, streams);
        life.throwIfAborted();
        return status;
      }
      const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
      if (command) return await command({ parameters, streams, surroundings, terminal, life, run });
    } catch (error) {
      life.throwIfAborted();
      if (error instanceof Exit) throw error;
      streams.error(Buffer.from(`${name}: ${messageOf(error)}\n`));
      return 1;
    }
    streams.error(Buffer.from(`sh: ${word}: not found\n`));
    return 127;
  }

  #startJob(command: Command, streams: CommandStreams): number {
    // What dies with the process has nobody who would ask for its status.
    const job = this.#subshell([command], { ...streams, input: Input.of(Buffer.alloc(0)) }).catch((error: unknown) => {
      if (this.#host.life.aborted) return 0;
      throw error;
    });
    this.#jobs.add(job);
    return 0;
  }

  /** read [-r] NAME...: 1 at the end of the input; a signal with a trap ends it. */
  async #read(parameters: readonly string[], { input }: CommandStreams): Promise<number> {
    const line = await this.#readLine(input);
    if (line === undefined) return 128 + (this.#traps.pending ?? 0);
    for (const [name, value] of assignedFields(parameters, line.toString())) this.#variables.set(name, value);
    return line.at(-1) === 10 ? 0 : 1;
  }

  /** Undefined when a signal with a trap came first. */
  async #readLine(input: Input): Promise<Buffer | undefined> {
    return this.#traps.pending === undefined ? this.#lines.read(input) : undefined;
  }

  #redirecting(
    redirects: readonly Redirect[],
    streams: CommandStreams,
    run: (streams: CommandStreams) => Promise<number>,
  ): Promise<number> {
    const expand = (words: readonly Word[]): Promise<readonly string[]> => this.#expand(words, streams);
    return redirecting(streams, redirects, this.#host.surroundings, expand, run);
  }

  #expand(words: readonly Word[], streams: CommandStreams): Promise<readonly string[]> {
    const valueOf = (name: string): string => this.#valueOf(name);
    return expandWords(words, { valueOf, outputOf: (script) => this.#outputOf(script, streams) }, streams.error);
  }

  /** What a script prints, as `$(…)` has it: without the newlines at its end. */
  async #outputOf(script: Script, streams: CommandStreams): Promise<string> {
    const pieces: Uint8Array[] = [];
    this.#status = await this.#subshell(script, { ...streams, output: (bytes) => void pieces.push(bytes) });
    return Buffer.concat(pieces).toString().replace(/\n+$/, '');
  }

  #valueOf(name: string): string {
    switch (name) {
      case '?':
        return String(this.#status);
      case '$':
        return String(this.#host.pid);
      case '!':
        return this.#jobs.lastId;
      default:
        return this.#variables.get(name) ?? '';
    }
  }
}
