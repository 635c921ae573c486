import yargs from 'yargs';
import type { Argv } from 'yargs';
import { UsageError } from '../model/error.ts';
import type { ExitReason } from '../model/result.ts';
import type { Command } from './command.ts';
import type { Configuration } from './config-file.ts';
import { exitHelp } from './exit-help.ts';
import { tellProblem } from './problem.ts';
import type { Shell } from './shell.ts';
import { toolVersion } from './project.ts';

/** The commands, each in a file of its own that is loaded when its name is on the command line. */
const commands: Readonly<
  Record<string, { readonly words: string; readonly describe: string; readonly load: () => Promise<Command> }>
> = {
  evaluate: {
    words: 'evaluate [targets..]',
    describe: 'conformance, observations and benchmarks on every target: one result, all reports',
    load: async () => (await import('./commands/evaluate.ts')).evaluateCommand,
  },
  conformance: {
    words: 'conformance [targets..]',
    describe: 'asks whether runtimes keep the promises of the CRI',
    load: async () => (await import('./commands/conformance.ts')).conformanceCommand,
  },
  bench: {
    words: 'bench [targets..]',
    describe: 'measures how fast runtimes are, round by round',
    load: async () => (await import('./commands/bench.ts')).benchCommand,
  },
  mutation: {
    words: 'mutation [target]',
    describe: 'puts faults before a runtime to show that the cases can fail',
    load: async () => (await import('./commands/mutation.ts')).mutationCommand,
  },
  render: {
    words: 'render <result>',
    describe: 'makes a report of a result.json, or of the journal.ndjson of a run that broke off',
    load: async () => (await import('./commands/render.ts')).renderCommand,
  },
  list: {
    words: 'list <what>',
    describe: 'what there is: cases, workloads, targets, observations',
    load: async () => (await import('./commands/list.ts')).listCommand,
  },
  doctor: {
    words: 'doctor [targets..]',
    describe: 'is a socket alive, does a kubelet serve it, can it pull images; what to do about each',
    load: async () => (await import('./commands/doctor.ts')).doctorCommand,
  },
  lab: {
    words: 'lab <action> [names..]',
    describe: 'start, stop or show private runtimes',
    load: async () => (await import('./commands/lab.ts')).labCommand,
  },
  images: {
    words: 'images <action> <where>',
    describe: 'push or export the fixture images, for runtimes that cannot pull from the loopback registry',
    load: async () => (await import('./commands/images.ts')).imagesCommand,
  },
  sweep: {
    words: 'sweep [target]',
    describe: 'removes what dead runs of crible left behind, and nothing else',
    load: async () => (await import('./commands/sweep.ts')).sweepCommand,
  },
};

/** Does what a command line says and answers the code to exit with; problems are told on the shell. */
export async function runProgram(argv: readonly string[], shell: Shell): Promise<number> {
  const reason = await perform(argv, shell).catch((error: unknown) => tellProblem(error, shell));
  if (reason === 'expected') return 0;
  const { exitCodes } = await import('../model/result.ts');
  return exitCodes[reason];
}

async function perform(argv: readonly string[], shell: Shell): Promise<ExitReason> {
  const name = argv.find((word) => !word.startsWith('-')) ?? '';
  const chosen = Object.hasOwn(commands, name) ? await commands[name]?.load() : undefined;
  let run: ((shell: Shell) => Promise<ExitReason>) | undefined;
  const parser = Object.entries(commands).reduce(
    (known: Argv, [word, { words, describe }]) =>
      word === name && chosen
        ? chosen.declare(known, words, describe, (what) => (run = what))
        : known.command(words, describe),
    emptyParser(await configuration(argv, chosen)),
  );
  let text = '';
  try {
    await parser.parseAsync([...argv], {}, (_error, _parsed, output) => {
      text = output;
    });
  } catch (error) {
    throw await usageError(error, name, chosen);
  }
  if (text !== '') shell.print(text);
  return run ? await run(shell) : 'expected';
}

/** What --config says. The file is read before the command line is parsed, which then wins over it. */
async function configuration(argv: readonly string[], command: Command | undefined): Promise<Configuration> {
  if (!command?.optionNames.includes('config')) return {};
  const place = argv.findIndex((word) => word === '--config' || word.startsWith('--config='));
  const path = argv[place]?.split('=', 2)[1] ?? argv[place + 1];
  if (place < 0 || path === undefined || path === '') return {};
  const { readConfigFile } = await import('./config-file.ts');
  return readConfigFile(path, [...command.optionNames.filter((name) => name !== 'config'), 'targets']);
}

function emptyParser(configured: Configuration): Argv {
  return yargs()
    .config(configured)
    .scriptName('crible')
    .usage(
      '$0 <command>\n\nPuts container runtimes through the Kubernetes CRI and tells which of them a node can live on.',
    )
    .epilogue(exitHelp)
    .locale('en')
    .wrap(120)
    .version(toolVersion())
    .alias('help', 'h')
    .strict()
    .demandCommand(1, 'which command? crible --help lists them')
    .exitProcess(false)
    .fail(false)
    .parserConfiguration({ 'greedy-arrays': false, 'parse-positional-numbers': false, 'dot-notation': false });
}

/** yargs throws plain errors for what it refuses; everything else is a defect and stays what it is. */
async function usageError(error: unknown, name: string, chosen: Command | undefined): Promise<unknown> {
  if (!(error instanceof Error) || (error.constructor !== Error && error.name !== 'YError')) return error;
  const help = chosen ? `crible ${name} --help lists what it takes` : 'crible --help lists the commands';
  const unknown = /^Unknown (?<what>command|argument)s?: (?<word>[^,]+)/.exec(error.message)?.groups;
  if (unknown === undefined) return new UsageError(error.message, help, { cause: error });

  const { closest } = await import('../model/glob.ts');
  const { word = '' } = unknown;
  if (!chosen) {
    const [like = ''] = closest(word, Object.keys(commands));
    return new UsageError(`there is no command '${word}'`, `did you mean crible ${like}? ${help}`, { cause: error });
  }
  const [like = ''] = closest(word, chosen.optionNames);
  return new UsageError(`crible ${name} has no option --${word}`, `did you mean --${like}? ${help}`, { cause: error });
}
