import { defineCommand } from '../command.ts';
import { text, wholeNumber } from '../option-value.ts';

export const mutationCommand = defineCommand({
  positionals: (parser) =>
    parser.positional('target', {
      type: 'string',
      default: 'lab:containerd',
      describe: 'the runtime that faults are put before; what it lacks and is pure API is asked of the simulator',
    }),
  options: {
    fault: { type: 'string', array: true, requiresArg: true, default: [], describe: 'only these faults' },
    select: { type: 'string', array: true, requiresArg: true, default: [], describe: 'only these cases' },
    sample: {
      type: 'string',
      requiresArg: true,
      describe: 'only so many pairs of a case and a fault, chosen by the seed',
      coerce: wholeNumber('sample', 1),
    },
    seed: {
      type: 'string',
      requiresArg: true,
      describe: 'of the sample; chosen and told unless given',
      coerce: wholeNumber('seed', 0),
    },
    collateral: {
      type: 'boolean',
      default: false,
      describe: 'puts every fault before every case: one that fails more than a tenth of them proves nothing',
    },
    out: {
      type: 'string',
      requiresArg: true,
      describe: 'folder of mutation.json and mutation.md; what lies there already may only be bettered',
      coerce: text('out'),
    },
    quiet: { type: 'boolean', default: false, describe: 'only problems and the summary' },
    json: { type: 'boolean', default: false, describe: 'print the whole matrix as JSON' },
  },
  examples: [
    ['mutation', 'every declared pair on a private containerd'],
    ['mutation --sample 40 --seed 7', 'forty of them, the same forty again'],
    ["mutation --fault 'exec-*' unix:///run/crio/crio.sock", 'some, before a runtime of your own'],
  ],
  run: async (given, shell) => {
    const { performMutation } = await import('../mutation/perform-mutation.ts');
    return await performMutation(given, shell);
  },
});
