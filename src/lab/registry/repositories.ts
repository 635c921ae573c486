import { mediaTypes, type Blob } from '../images/blob.ts';
import type { ImageStore } from '../images/image-store.ts';
import { tagsOf } from '../images/reference.ts';
import { refused, type Answering } from './exchange.ts';

/** The repositories of a store, as a registry has them that does what it should. They can only be pulled from. */
export function repositoriesOf(store: ImageStore): Answering {
  return async ({ method, name, repository, kind, reference }) => {
    if (method === 'PUT') return refused(405, 'UNSUPPORTED', 'this repository can only be pulled from');
    const tags = tagsOf(repository);
    if (tags.length === 0) return refused(404, 'NAME_UNKNOWN', `no repository ${name}`);
    switch (kind) {
      case 'tags':
        return { kind: 'tags', tags };
      case 'manifests': {
        const blob = await manifestOf(store, repository, reference);
        return blob ? { kind: 'found', blob } : refused(404, 'MANIFEST_UNKNOWN', `no image ${name} ${reference}`);
      }
      case 'blobs': {
        const blob = await store.blob(repository, reference);
        return blob ? { kind: 'found', blob } : refused(404, 'BLOB_UNKNOWN', `no blob ${reference} in ${name}`);
      }
    }
  };
}

async function manifestOf(store: ImageStore, repository: string, reference: string): Promise<Blob | undefined> {
  if (!reference.includes(':')) return (await store.image(repository, reference))?.manifest;
  const blob = await store.blob(repository, reference);
  return blob?.mediaType === mediaTypes.manifest ? blob : undefined;
}
