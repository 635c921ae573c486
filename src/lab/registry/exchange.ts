import type { Blob } from '../images/blob.ts';

/** What is asked of a repository by a path of the distribution API, `/v2/NAME/KIND/REFERENCE`. */
export interface Ask {
  readonly method: string;
  /** The whole name, as the client knows it. */
  readonly name: string;
  /** What is left of the name below the prefix, and below the behaviours in front of the image's own. */
  readonly repository: string;
  readonly kind: 'manifests' | 'blobs' | 'tags';
  /** A tag or a digest; empty where the tags are asked for. */
  readonly reference: string;
  /** Where the client reaches the registry, `127.0.0.1:4711`. */
  readonly host: string;
  readonly authorization: string | undefined;
  /** Of a PUT, else empty. */
  readonly body: Buffer;
}

export type Answer =
  | {
      readonly kind: 'found';
      readonly blob: Blob;
      /** As much of it as is ever sent, and what comes instead of the rest. */
      readonly only?: { readonly sizeBytes: number; readonly then: 'silence' | 'end' };
    }
  | { readonly kind: 'tags'; readonly tags: readonly string[] }
  | { readonly kind: 'stored'; readonly digest: string }
  | Refusal;

/** The codes are those of the specification, and what registries answer beside them. */
export interface Refusal {
  readonly kind: 'refused';
  readonly status: number;
  readonly code:
    'NAME_UNKNOWN' | 'MANIFEST_UNKNOWN' | 'BLOB_UNKNOWN' | 'UNAUTHORIZED' | 'UNSUPPORTED' | 'UNAVAILABLE' | 'UNKNOWN';
  readonly message: string;
  /** What WWW-Authenticate is to say. */
  readonly challenge?: string;
}

/** Answers what is asked of any repository. */
export type Answering = (ask: Ask) => Promise<Answer>;

export function refused(status: number, code: Refusal['code'], message: string, challenge?: string): Refusal {
  return { kind: 'refused', status, code, message, ...(challenge === undefined ? {} : { challenge }) };
}
