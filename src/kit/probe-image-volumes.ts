import type { Given, PodSandbox } from './given.ts';
import { SetupError } from './setup.ts';

/**
 * Whether a container can be created with an image as a volume (KEP-4639): no message declares it, and a runtime of before
 * takes the mount for one without a source.
 * @returns why not, undefined when it can
 */
export async function imageVolumesMissing(given: Given, pod: PodSandbox): Promise<string | undefined> {
  try {
    const { reference, imageRef } = await given.image('shell:1');
    const image = { image: imageRef, userSpecifiedImage: reference };
    await given.container(pod, { mounts: [{ containerPath: '/mnt/image', readonly: true, image }] });
    return undefined;
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    return error.message;
  }
}
