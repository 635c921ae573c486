import type { CriClient } from '../../cri/client.ts';
import { CriError } from '../../cri/error.ts';
import { fixtureReference } from '../../kit/fixture-images.ts';
import { Ledger } from '../../kit/ledger.ts';
import { UsageError } from '../../model/error.ts';
import type { Opened } from './provisions.ts';

/**
 * Makes sure that a runtime which is not ours can pull what every case is made of, before all of them fail for want of it.
 * @throws UsageError with the runtime's own words
 */
export async function requireImages(
  cri: CriClient,
  { name, images }: Opened,
  runId: string,
  signal: AbortSignal,
): Promise<void> {
  const reference = `${images.prefix}/${fixtureReference('shell')}`;
  const image = { image: reference };
  try {
    const { image: before } = await cri.image.imageStatus({ image }, { signal });
    if (before !== undefined) return;
    Ledger.join(runId).intend({ kind: 'image', endpoint: cri.imageEndpoint, reference });
    await cri.image.pullImage({ image }, { signal });
  } catch (error) {
    if (!(error instanceof CriError) || signal.aborted) throw error;
    throw new UsageError(
      `${name}: the runtime cannot pull ${reference}: ${error.details}`,
      images.loopback
        ? 'it does not take plain http from 127.0.0.1: put the images into a registry that it knows with crible images push REGISTRY/PREFIX, and give --image-prefix REGISTRY/PREFIX'
        : `crible images push ${images.prefix} puts the images there; the runtime's own configuration may have to name the registry`,
      { cause: error },
    );
  }
}
