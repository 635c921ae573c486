import { defineCommand } from '../command.ts';
import { caseOptions, runOptions, targetsPositional } from '../options.ts';

export const conformanceCommand = defineCommand({
  positionals: targetsPositional,
  options: { ...caseOptions, ...runOptions },
  examples: [
    ['conformance lab:containerd', 'every case on a private containerd'],
    ["conformance lab:containerd --select 'pod-sandbox/**' --out D", 'some cases; result and reports in D'],
    [
      'conformance unix:///run/crio/crio.sock --image-prefix registry.example/crible',
      "with images of the user's registry",
    ],
    ['conformance lab:containerd --only-failed D/result.json', 'again, what went wrong in an earlier run'],
  ],
  run: async (given, shell) => {
    const { performRun } = await import('../run/run.ts');
    return await performRun({ ...given, cases: given }, shell);
  },
});
