import { defineCommand } from '../command.ts';
import { text } from '../option-value.ts';

export const renderCommand = defineCommand({
  positionals: (parser) =>
    parser.positional('result', {
      type: 'string',
      demandOption: true,
      describe: 'result.json of a run, or the journal.ndjson of one that broke off',
    }),
  options: {
    format: {
      choices: ['html', 'junit', 'markdown', 'json'] as const,
      demandOption: true,
      requiresArg: true,
      describe: 'what to make of it',
    },
    output: {
      alias: 'o',
      type: 'string',
      requiresArg: true,
      describe: 'file to write; standard output unless given',
      coerce: text('output'),
    },
    expectations: {
      type: 'string',
      requiresArg: true,
      describe: 'for a journal: YAML file of known deviations, instead of those that come with crible',
      coerce: text('expectations'),
    },
  },
  examples: [
    ['render reports/out/latest/result.json --format markdown', 'a summary on the terminal'],
    ['render D/journal.ndjson --format html -o D/report.html', 'the report of a run that was killed'],
  ],
  run: async ({ result: path, format, output, expectations }, shell) => {
    const { renderFile } = await import('../render.ts');
    await renderFile({ path, format, output, expectations }, shell);
    return 'expected';
  },
});
