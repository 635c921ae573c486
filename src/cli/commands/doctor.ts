import { defineCommand } from '../command.ts';
import { text } from '../option-value.ts';
import { targetsPositional } from '../options.ts';

export const doctorCommand = defineCommand({
  positionals: targetsPositional,
  options: {
    'image-prefix': {
      type: 'string',
      requiresArg: true,
      describe: 'also try to pull a fixture image from there (crible images push), and remove it again',
      coerce: text('image-prefix'),
    },
    json: { type: 'boolean', default: false, describe: 'findings as JSON' },
  },
  examples: [
    ['doctor', 'the well-known sockets of this machine'],
    ['doctor unix:///run/crio/crio.sock --image-prefix registry.example/crible', 'one socket, and whether it can pull'],
  ],
  run: async ({ targets, imagePrefix, json }, shell) => {
    const { examine } = await import('../doctor.ts');
    return await examine({ targets, imagePrefix, json }, shell);
  },
});
