import { defineCommand } from '../command.ts';
import { runOptions, targetsPositional } from '../options.ts';

export const evaluateCommand = defineCommand({
  positionals: targetsPositional,
  options: runOptions,
  examples: [
    ['evaluate lab:containerd/runc lab:containerd/crun', 'two handlers of one private containerd'],
    ['evaluate unix:///run/containerd/containerd.sock --profile quick', "the host's containerd, in minutes"],
    ['evaluate --yes', 'every runtime that answers on a well-known socket'],
  ],
  run: async (given, shell) => {
    const { performRun } = await import('../run/run.ts');
    const { chooseSockets } = await import('../host-sockets.ts');
    const named = given.targets.length > 0;
    const targets = named ? given.targets : await chooseSockets(given.yes, shell);
    return await performRun(
      {
        ...given,
        targets,
        // Whoever chose from the sockets has consented.
        yes: given.yes || !named,
        cases: { select: [], skip: [], level: 'optional' },
        benchmarks: { workload: [] },
      },
      shell,
    );
  },
});
