import { createHash } from 'node:crypto';
import type { RemoteImage } from './registry.ts';

/** The image of the sandboxes' own process, which no registry has. */
export const sandboxImageName = 'registry.crible.invalid/pause:1';

const config = { User: '', Env: [], Entrypoint: ['/pause'], Cmd: [], WorkingDir: '/', StopSignal: '' };
const configurationText = JSON.stringify({ architecture: 'amd64', os: 'linux', config });
const configuration = { digest: digestOf(configurationText), size: configurationText.length };
const manifest = JSON.stringify({ schemaVersion: 2, config: configuration, layers: [] });

export const sandboxImage: RemoteImage = {
  manifestDigest: digestOf(manifest),
  manifestSizeBytes: manifest.length,
  configuration,
  configurationText,
  config,
  layers: [],
};

function digestOf(text: string): string {
  return `sha256:${createHash('sha256').update(text).digest('hex')}`;
}
