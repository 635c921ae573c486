import { createHash } from 'node:crypto';
import { z } from 'zod';
import { StatusError } from '../cri/handler.ts';
import { messageOf } from '../model/error.ts';
import { referenceText } from './image-reference.ts';
import type { ImageReference } from './image-reference.ts';
import { RegistryRequests } from './registry-requests.ts';
import type { Credentials } from './registry-requests.ts';

const digestSchema = z.string().regex(/^sha256:[0-9a-f]{64}$/);
const descriptorSchema = z.object({ digest: digestSchema, size: z.number().int().nonnegative() });
const manifestSchema = z.object({ config: descriptorSchema, layers: z.array(descriptorSchema) });
const strings = z
  .array(z.string())
  .nullish()
  .transform((list) => list ?? []);
const imageConfigSchema = z.object({
  config: z
    .object({
      User: z.string().default(''),
      Env: strings,
      Entrypoint: strings,
      Cmd: strings,
      WorkingDir: z.string().default(''),
      StopSignal: z.string().default(''),
    })
    .prefault({}),
});

/** What an OCI image configuration says about running the image. */
export type ImageConfig = z.infer<typeof imageConfigSchema>['config'];
type Descriptor = z.infer<typeof descriptorSchema>;

/** An image as a registry has it. Of its layers nothing is kept: nothing of the simulator would read them. */
export interface RemoteImage {
  readonly manifestDigest: string;
  readonly manifestSizeBytes: number;
  readonly configuration: Descriptor;
  /** The image configuration as it is stored. */
  readonly configurationText: string;
  readonly config: ImageConfig;
  readonly layers: readonly Descriptor[];
}

const loopback = /^(?:127\.\d+\.\d+\.\d+|localhost|\[::1\])(?::\d+)?$/;

/** How an image is fetched. */
export interface Fetching {
  readonly signal: AbortSignal;
  readonly credentials?: Credentials | undefined;
  /** Whether a layer need not be fetched, for the store has it. */
  readonly has: (digest: string) => boolean;
}

/**
 * Fetches manifest, configuration and layers of an image from a registry on this machine.
 * @throws StatusError as RegistryRequests does; Unknown when the registry is not on this machine; DataLoss when the content is
 * not what its digest says.
 */
export async function fetchFromRegistry(
  reference: ImageReference,
  { signal, credentials, has }: Fetching,
): Promise<RemoteImage> {
  const { registry, version } = reference;
  if (!loopback.test(registry)) {
    const problem = 'the simulator pulls from registries on 127.0.0.1 only';
    throw new StatusError('Unknown', `RegistryUnavailable: failed to pull ${referenceText(reference)}: ${problem}`);
  }
  const requests = new RegistryRequests(reference, signal, credentials);
  const blob = async ({ digest }: Descriptor, what: string): Promise<Buffer> => {
    const bytes = await requests.bytes(`blobs/${digest}`);
    if (digestOf(bytes) !== digest) throw corrupt(reference, what);
    return bytes;
  };
  const wanted = version.kind === 'tag' ? version.tag : version.digest;
  const manifestBytes = await requests.bytes(`manifests/${wanted}`);
  const manifestDigest = digestOf(manifestBytes);
  if (version.kind === 'digest' && version.digest !== manifestDigest) throw corrupt(reference, 'the manifest');
  const manifest = parse(manifestSchema, manifestBytes, reference, 'manifest');
  const configurationBytes = await blob(manifest.config, 'the configuration');
  for (const layer of manifest.layers) if (!has(layer.digest)) await blob(layer, 'a layer');
  return {
    manifestDigest,
    manifestSizeBytes: manifestBytes.length,
    configuration: manifest.config,
    configurationText: configurationBytes.toString(),
    config: parse(imageConfigSchema, configurationBytes, reference, 'configuration').config,
    layers: manifest.layers,
  };
}

function parse<S extends z.ZodType>(schema: S, bytes: Buffer, reference: ImageReference, what: string): z.infer<S> {
  try {
    return schema.parse(JSON.parse(bytes.toString()));
  } catch (error) {
    const problem = error instanceof z.ZodError ? z.prettifyError(error) : messageOf(error);
    throw new StatusError(
      'InvalidArgument',
      `failed to pull ${referenceText(reference)}: its ${what} is not understood: ${problem}`,
    );
  }
}

function digestOf(bytes: Uint8Array): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

function corrupt(reference: ImageReference, what: string): StatusError {
  return new StatusError('DataLoss', `failed to pull ${referenceText(reference)}: ${what} does not have its digest`);
}
