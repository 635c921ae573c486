import { createHash } from 'node:crypto';
import { z } from 'zod';
import { StatusError } from '../cri/handler.ts';
import { messageOf } from '../model/error.ts';
import { referenceText } from './image-reference.ts';
import type { ImageReference } from './image-reference.ts';

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

/** An image as a registry has it. Layers are not fetched: nothing of the simulator would read them. */
export interface RemoteImage {
  readonly manifestDigest: string;
  readonly manifestSizeBytes: number;
  readonly configuration: Descriptor;
  /** The image configuration as it is stored. */
  readonly configurationText: string;
  readonly config: ImageConfig;
  readonly layers: readonly Descriptor[];
}

const manifestTypes = [
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
];
const loopback = /^(?:127\.\d+\.\d+\.\d+|localhost|\[::1\])(?::\d+)?$/;

/**
 * Fetches manifest and configuration of an image from a registry on this machine, over plain HTTP.
 * @throws StatusError NotFound when the registry does not have it; Unavailable when the registry cannot be asked or is not on
 * this machine, with the word RegistryUnavailable, which the kubelet looks for; DataLoss when the content is not what its digest says.
 */
export async function fetchFromRegistry(reference: ImageReference, signal: AbortSignal): Promise<RemoteImage> {
  const { registry, repository, version } = reference;
  if (!loopback.test(registry)) {
    throw unavailable(reference, 'the simulator pulls from registries on 127.0.0.1 only');
  }
  const base = `http://${registry}/v2/${repository}`;
  const wanted = version.kind === 'tag' ? version.tag : version.digest;
  const manifestBytes = await fetchBytes(`${base}/manifests/${wanted}`, reference, signal);
  const manifestDigest = digestOf(manifestBytes);
  if (version.kind === 'digest' && version.digest !== manifestDigest) throw corrupt(reference, 'the manifest');
  const manifest = parse(manifestSchema, manifestBytes, reference, 'manifest');
  const configurationBytes = await fetchBytes(`${base}/blobs/${manifest.config.digest}`, reference, signal);
  if (digestOf(configurationBytes) !== manifest.config.digest) throw corrupt(reference, 'the configuration');
  return {
    manifestDigest,
    manifestSizeBytes: manifestBytes.length,
    configuration: manifest.config,
    configurationText: configurationBytes.toString(),
    config: parse(imageConfigSchema, configurationBytes, reference, 'configuration').config,
    layers: manifest.layers,
  };
}

async function fetchBytes(url: string, reference: ImageReference, signal: AbortSignal): Promise<Buffer> {
  const response = await fetch(url, { signal, headers: { accept: manifestTypes.join(', ') } }).catch(
    (error: unknown) => {
      signal.throwIfAborted();
      throw unavailable(
        reference,
        error instanceof Error && error.cause !== undefined ? messageOf(error.cause) : messageOf(error),
      );
    },
  );
  if (response.status === 404) {
    throw new StatusError('NotFound', `failed to pull ${referenceText(reference)}: not found`);
  }
  if (!response.ok) throw unavailable(reference, `${url} answered ${String(response.status)}`);
  return Buffer.from(await response.arrayBuffer());
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

function unavailable(reference: ImageReference, problem: string): StatusError {
  return new StatusError('Unavailable', `RegistryUnavailable: failed to pull ${referenceText(reference)}: ${problem}`);
}

function corrupt(reference: ImageReference, what: string): StatusError {
  return new StatusError('DataLoss', `failed to pull ${referenceText(reference)}: ${what} does not have its digest`);
}
