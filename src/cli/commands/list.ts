import { defineCommand } from '../command.ts';

export const listCommand = defineCommand({
  positionals: (parser) =>
    parser.positional('what', {
      choices: ['cases', 'workloads', 'targets', 'observations', 'faults'] as const,
      demandOption: true,
      describe:
        'what to list; targets are the labs that run and the well-known sockets that answer, faults what fault:NAME@TARGET breaks',
    }),
  options: {
    json: {
      type: 'boolean',
      default: false,
      describe: 'as JSON, with everything that is declared of each; for cases also what of critest they answer',
    },
  },
  examples: [
    ['list cases', 'the id, level and title of each case'],
    ['list observations --json', 'the keys in which runtimes may differ, with their meaning'],
  ],
  run: async ({ what, json }, shell) => {
    const { listOf } = await import('../list.ts');
    const list = await listOf(what, shell.signal);
    if (json) shell.print(JSON.stringify(list.json, null, 2));
    else for (const line of list.lines) shell.print(line);
    return 'expected';
  },
});
