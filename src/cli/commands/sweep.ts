import { defineCommand } from '../command.ts';

export const sweepCommand = defineCommand({
  positionals: (parser) =>
    parser.positional('target', {
      type: 'string',
      describe: 'endpoint to remove pods and images from; without one, only what lies on this machine is removed',
    }),
  options: {},
  examples: [
    ['sweep', 'cgroups and files that killed runs left on this machine'],
    ['sweep unix:///run/containerd/containerd.sock', "and their pods and images in the host's containerd"],
  ],
  run: async ({ target }, shell) => {
    const { sweep } = await import('../sweep.ts');
    await sweep(target, shell);
    return 'expected';
  },
});
