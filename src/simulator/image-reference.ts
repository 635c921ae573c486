import { StatusError } from '../cri/handler.ts';

/** The name of an image, taken apart: `127.0.0.1:5000/crible/shell:1` or `…@sha256:…`. */
export interface ImageReference {
  /** Host and port, `docker.io` when none is named. */
  readonly registry: string;
  readonly repository: string;
  /** A reference with both is one by digest. */
  readonly version:
    { readonly kind: 'tag'; readonly tag: string } | { readonly kind: 'digest'; readonly digest: string };
}

const component = '[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*';
const pattern = new RegExp(
  `^(?:(?<registry>localhost|[A-Za-z0-9.-]*\\.[A-Za-z0-9.-]*|\\[[0-9a-fA-F:]+\\]|[A-Za-z0-9.-]+(?=:\\d))(?<port>:\\d+)?/)?` +
    `(?<repository>${component}(?:/${component})*)(?::(?<tag>\\w[\\w.-]{0,127}))?(?:@(?<digest>sha256:[0-9a-f]{64}))?$`,
);

/**
 * Reads a reference; without tag and digest it means the tag `latest`.
 * @throws StatusError InvalidArgument when it is malformed.
 */
export function parseReference(text: string): ImageReference {
  const groups = pattern.exec(text)?.groups;
  const repository = groups?.['repository'];
  if (repository === undefined) {
    throw new StatusError('InvalidArgument', `invalid image reference ${JSON.stringify(text)}`);
  }
  const digest = groups?.['digest'];
  const host = groups?.['registry'];
  return {
    registry: host === undefined ? 'docker.io' : `${host}${groups?.['port'] ?? ''}`,
    repository: host === undefined && !repository.includes('/') ? `library/${repository}` : repository,
    version: digest === undefined ? { kind: 'tag', tag: groups?.['tag'] ?? 'latest' } : { kind: 'digest', digest },
  };
}

/** Registry and repository, what a repo tag and a repo digest begin with. */
export function repositoryName({ registry, repository }: ImageReference): string {
  return `${registry}/${repository}`;
}

/** The reference in full, as repo_tags and repo_digests show it. */
export function referenceText(reference: ImageReference): string {
  const { version } = reference;
  return `${repositoryName(reference)}${version.kind === 'tag' ? `:${version.tag}` : `@${version.digest}`}`;
}
