import { defineCommand } from '../command.ts';

export const imagesCommand = defineCommand({
  positionals: (parser) =>
    parser
      .positional('action', {
        choices: ['push', 'export'] as const,
        demandOption: true,
        describe: 'push to a registry, or export as an OCI image layout',
      })
      .positional('where', {
        type: 'string',
        demandOption: true,
        describe:
          'REGISTRY/PREFIX to push to, with CRIBLE_REGISTRY_USERNAME and CRIBLE_REGISTRY_PASSWORD of the environment; or the folder to export to',
      }),
  options: {},
  examples: [
    [
      'images push registry.example:5000/crible',
      'then: crible conformance TARGET --image-prefix registry.example:5000/crible',
    ],
    ['images export D', 'for machines without a registry'],
  ],
  run: async ({ action, where }, shell) => {
    const { exportFixtures, pushFixtures } = await import('../images.ts');
    await (action === 'push' ? pushFixtures(where, shell) : exportFixtures(where, shell));
    return 'expected';
  },
});
