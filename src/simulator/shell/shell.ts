import { setImmediate as turn } from 'node:timers/promises';
import { messageOf } from '../../model/error.ts';
import { commandName } from '../program.ts';
import { signalNumber } from '../signal-number.ts';
import { commands } from './commands.ts';
import type { CommandStreams } from './commands.ts';
import { Exit } from './host.ts';
import type { ShellHost } from './host.ts';
import { Jobs } from './jobs.ts';
import { parseKill } from './kill.ts';
import { redirected } from './redirection.ts';
import { parseScript } from './syntax.ts';
import type { Command, Script } from './syntax.ts';
import type { Word } from './tokens.ts';
import { expanded } from './word-expansion.ts';

type BuiltIn = (parameters: readonly string[], streams: CommandStreams) => Promise<number> | number;

/**
 * Runs a script. Signals behave as in a real shell: a trap runs after the command in the foreground has ended, so a shell
 * that sleeps hears of it only then; one that sleeps in the background and waits hears of it at once.
 */
export class Shell {
  readonly #host: ShellHost;
  readonly #variables: Map<string, string>;
  readonly #traps = new Map<number, Script>();
  readonly #arrived: number[] = [];
  readonly #jobs: Jobs;
  readonly #builtIns: Readonly<Record<string, BuiltIn>>;
  #status = 0;

  constructor(
    host: ShellHost,
    variables: Iterable<readonly [string, string]> = Object.entries(host.surroundings.variables),
  ) {
    this.#host = host;
    this.#jobs = new Jobs(host.pid);
    this.#variables = new Map(variables);
    this.#builtIns = {
      ':': () => 0,
      exit: ([code]) => {
        throw new Exit(code === undefined ? this.#status : Number(code) & 255);
      },
      trap: ([action = '', ...names]) => this.#trap(action, names),
      wait: (ids) => this.#wait(ids),
      kill: (parameters) => this.#kill(parameters),
      exec: async (words, streams) => {
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
    const trap = this.#traps.get(signal);
    if (trap === undefined) return false;
    if (trap.length > 0) {
      this.#arrived.push(signal);
      this.#jobs.interruptWait(128 + signal);
    }
    return true;
  }

  async #execute(command: Command, streams: CommandStreams): Promise<number> {
    this.#host.life.throwIfAborted();
    switch (command.kind) {
      case 'simple':
        this.#status = await this.#invoke(
          command.words.flatMap((word) => this.#expand(word, streams)),
          redirected(streams, command.redirects, this.#host.surroundings, (word) => this.#expand(word, streams)),
        );
        return this.#runTraps(streams);
      case 'assignment':
        this.#variables.set(command.variable, this.#expand(command.value, streams).join(' '));
        return 0;
      case 'pipeline':
        return this.#pipeline(command.commands, command.negated, streams);
      case 'and-or': {
        this.#status = await this.#execute(command.left, streams);
        return (this.#status === 0) === (command.operator === '&&')
          ? this.#execute(command.right, streams)
          : this.#status;
      }
      case 'background':
        return this.#startJob(command.command, streams);
      case 'loop':
        return this.#loop(command, streams);
      case 'for': {
        let status = 0;
        for (const value of command.words.flatMap((word) => this.#expand(word, streams))) {
          this.#variables.set(command.variable, value);
          status = await this.run(command.body, streams);
        }
        return status;
      }
      case 'if': {
        const holds = (await this.run(command.condition, streams)) === 0;
        const branch = holds ? command.body : command.otherwise;
        return branch.length === 0 ? 0 : this.run(branch, streams);
      }
      case 'group':
        return this.run(command.body, streams);
    }
  }

  /** The traps of the signals that came meanwhile; the status stays that of the command before. */
  async #runTraps(streams: CommandStreams): Promise<number> {
    const status = this.#status;
    for (let signal = this.#arrived.shift(); signal !== undefined; signal = this.#arrived.shift()) {
      await this.run(this.#traps.get(signal) ?? [], streams);
      this.#status = status;
    }
    return status;
  }

  async #loop({ condition, body, endsOn }: Command & { kind: 'loop' }, streams: CommandStreams): Promise<number> {
    let status = 0;
    while (((await this.run(condition, streams)) === 0) === (endsOn === 'failure')) {
      status = await this.run(body, streams);
      // A busy loop must not keep the server from answering, nor from killing it.
      await turn(undefined, { signal: this.#host.life });
    }
    return status;
  }

  /** One command after the other, each with the whole output of the one before as its input: enough where no output is endless. */
  async #pipeline(commands: Script, negated: boolean, streams: CommandStreams): Promise<number> {
    let input = streams.input;
    let status = 0;
    for (const [place, command] of commands.entries()) {
      const collected: Uint8Array[] = [];
      const output = place === commands.length - 1 ? streams.output : (bytes: Uint8Array) => void collected.push(bytes);
      status = await this.#execute(command, { ...streams, input, output });
      input = Buffer.concat(collected);
    }
    return negated ? Number(status === 0) : status;
  }

  async #invoke(words: readonly string[], streams: CommandStreams): Promise<number> {
    const [word, ...parameters] = words;
    if (word === undefined) return 0;
    const { surroundings, life, onCommand } = this.#host;
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
      if (command) return (await command({ parameters, streams, surroundings, life })) ?? 0;
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
    const { life } = this.#host;
    // A subshell: it has the variables, but neither the traps nor the jobs.
    const job = new Shell(this.#host, this.#variables).run([command], streams).catch((error: unknown) => {
      if (error instanceof Exit) return error.exitCode;
      if (life.aborted) return 0;
      throw error;
    });
    this.#jobs.add(job);
    return 0;
  }

  async #wait(ids: readonly string[]): Promise<number> {
    const [signal] = this.#arrived;
    if (signal !== undefined) return 128 + signal;
    const { life } = this.#host;
    const interrupt = (): void => {
      this.#jobs.interruptWait(0);
    };
    life.addEventListener('abort', interrupt);
    try {
      return await this.#jobs.wait(ids);
    } finally {
      life.removeEventListener('abort', interrupt);
    }
  }

  #trap(action: string, names: readonly string[]): number {
    const script = action === '-' ? undefined : parseScript(action);
    for (const name of names) {
      const signal = signalNumber(name);
      if (signal === undefined || signal === 0) throw new Error(`${name}: invalid signal specification`);
      if (script) this.#traps.set(signal, script);
      else this.#traps.delete(signal);
    }
    return 0;
  }

  #kill(parameters: readonly string[]): number {
    const { signal, pids } = parseKill(parameters);
    const missing = pids.filter((pid) => !this.#host.kill(Number(pid), signal));
    if (missing.length > 0) throw new Error(`can't kill pid ${missing.join(', ')}: No such process`);
    return 0;
  }

  /** Throws Exit when an arithmetic expression cannot be evaluated: a shell does not outlive that. */
  #expand(word: Word, { error }: CommandStreams): readonly string[] {
    try {
      return expanded(word, (variable) => this.#valueOf(variable));
    } catch (problem) {
      error(Buffer.from(`sh: ${messageOf(problem)}\n`));
      throw new Exit(2);
    }
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
