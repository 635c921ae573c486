import { randomUUID } from 'node:crypto';
import { sizedReference } from '../../../src/kit/fixture-images.ts';
import type { WorkloadContext } from '../../../src/kit/workload.ts';

/** Layers of one size, each of bytes that no compressor shrinks. */
export interface Layers {
  readonly count: number;
  readonly sizeKib: number;
}

/**
 * The reference of an image that no runtime has seen: neither manifest nor any layer of it is in a store, so that a pull takes
 * in all of it. The registry has built it by then and holds it in memory. Takes the feature loopback-registry.
 * @throws Error when the registry does not serve it
 */
export async function coldImage({ given, signal }: WorkloadContext, { count, sizeKib }: Layers): Promise<string> {
  const name = sizedReference(count, sizeKib, randomUUID());
  const reference = given.imageReference(name);
  given.willPull(reference);
  const [registry = '', ...path] = reference.slice(0, reference.lastIndexOf(':')).split('/');
  const tag = reference.slice(reference.lastIndexOf(':') + 1);
  const response = await fetch(`http://${registry}/v2/${path.join('/')}/manifests/${tag}`, { method: 'HEAD', signal });
  if (!response.ok) throw new Error(`the registry answered ${String(response.status)} for ${reference}`);
  return reference;
}

/** Removes an image, under no clock. */
export async function removeImage({ cri, signal }: WorkloadContext, reference: string): Promise<void> {
  await cri.image.removeImage({ image: { image: reference } }, { signal });
}
