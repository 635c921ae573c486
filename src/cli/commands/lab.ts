import { defineCommand } from '../command.ts';

export const labCommand = defineCommand({
  positionals: (parser) =>
    parser
      .positional('action', {
        choices: ['start', 'stop', 'status'] as const,
        demandOption: true,
        describe: 'start prints the endpoint; stop without a name stops those that dead runs left; status shows all',
      })
      .positional('names', {
        type: 'string',
        array: true,
        default: [],
        describe: 'RUNTIME[+N][@VERSION], for example containerd or containerd@1.7',
      }),
  options: { json: { type: 'boolean', default: false, describe: 'status as JSON' } },
  examples: [
    ['lab start containerd', 'a private containerd, for crible and for other tools'],
    ['lab status', 'the labs of this machine'],
    ['lab stop containerd', 'stops it and removes everything of it'],
  ],
  run: async ({ action, names, json }, shell) => {
    const { startLabs, stopLabs, showLabs } = await import('../labs.ts');
    switch (action) {
      case 'start':
        await startLabs(names, shell);
        return 'expected';
      case 'stop':
        await stopLabs(names, shell);
        return 'expected';
      case 'status':
        showLabs(names, json, shell);
        return 'expected';
    }
  },
});
