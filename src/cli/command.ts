import type { ArgumentsCamelCase, Argv, InferredOptionTypes, Options } from 'yargs';
import { exitHelp } from './exit-help.ts';
import type { ExitReason } from '../model/result.ts';
import type { Shell } from './shell.ts';

/**
 * A command of crible: what it takes and what it does. These modules are loaded to print help, so they import nothing
 * heavy; `run` loads what it needs.
 */
interface CommandDefinition<P, O extends Record<string, Options>> {
  readonly positionals: (parser: Argv) => Argv<P>;
  readonly options: O;
  readonly examples: readonly (readonly [command: string, whatItDoes: string])[];
  readonly run: (
    given: ArgumentsCamelCase<Omit<P, keyof O> & InferredOptionTypes<O>>,
    shell: Shell,
  ) => Promise<ExitReason>;
}

/** A command that is ready to be put into a parser. */
export interface Command {
  readonly optionNames: readonly string[];
  /** Declares the command; once its words were parsed, `choose` gets what is to be done. */
  readonly declare: (
    parser: Argv,
    words: string,
    describe: string,
    choose: (run: (shell: Shell) => Promise<ExitReason>) => void,
  ) => Argv;
}

export function defineCommand<P, O extends Record<string, Options>>(definition: CommandDefinition<P, O>): Command {
  const { positionals, options, examples, run } = definition;
  return {
    optionNames: Object.keys(options),
    declare: (parser, words, describe, choose) =>
      parser.command(
        words,
        describe,
        (own) =>
          examples.reduce(
            (known, [command, what]) => known.example(`$0 ${command}`, what),
            positionals(own).options(options).epilogue(exitHelp),
          ),
        (given) => {
          choose((shell) => run(given, shell));
        },
      ),
  };
}
