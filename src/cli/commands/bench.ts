import { defineCommand } from '../command.ts';
import { benchOptions, runOptions, targetsPositional } from '../options.ts';

export const benchCommand = defineCommand({
  positionals: targetsPositional,
  options: { ...benchOptions, ...runOptions },
  examples: [
    ['bench lab:containerd/runc lab:containerd/crun', 'the handlers in turns, round by round'],
    ['bench lab:containerd --workload pod-lifecycle --rounds 5', 'one workload, briefly'],
    ['bench lab:containerd --concurrency 1,4,16', 'the same with more in flight'],
    ['bench lab:containerd --workload pod-ready --rate 2 --arrival poisson', 'starts at a rate, whatever is in flight'],
    ['bench --aa lab:containerd --target-precision 3%', 'what this machine cannot tell apart'],
  ],
  run: async (given, shell) => {
    const { performRun } = await import('../run/run.ts');
    return await performRun({ ...given, benchmarks: given }, shell);
  },
});
