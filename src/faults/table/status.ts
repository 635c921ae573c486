import { answer, codeChanged } from '../combinators.ts';
import { fault } from '../fault.ts';
import type { Fault } from '../fault.ts';

/** What Version, Status and the other RPCs about the runtime as a whole promise. */
export const statusFaults: readonly Fault[] = [
  fault({
    name: 'runtime-without-a-name',
    breaks: 'Version names the runtime',
    kills: ['runtime/version/names-the-runtime'],
    how: answer('Version', (version) => {
      version.runtimeName = '';
    }),
  }),
  fault({
    name: 'info-is-no-json',
    breaks: 'the debugging information of Status is JSON',
    kills: ['runtime/status/info-is-json'],
    how: answer('Status', ({ info }, { verbose }) => {
      if (verbose) info['more'] = '{not: json}';
    }),
  }),
  fault({
    name: 'unknown-container-is-an-unknown-error',
    breaks: 'ContainerStatus of an unknown id is answered by NotFound',
    kills: ['container/status/unknown-id'],
    how: codeChanged('ContainerStatus', 'NotFound', 'Unknown'),
  }),
];
