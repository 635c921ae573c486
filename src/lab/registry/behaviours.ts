import { registryBehaviours, type RegistryBehaviour } from '../../kit/registry-behaviours.ts';
import { digestOf, mediaTypes, type Blob } from '../images/blob.ts';
import { basicChallenge, bearerChallenge, opens } from './authorization.ts';
import { refused, type Answer, type Answering, type Ask } from './exchange.ts';

/** Stands between a client and the repositories behind. */
type Behaviour = (ask: Ask, next: Answering) => Promise<Answer> | Answer;

/** Puts the behaviours that the first parts of a repository's name ask for before what answers for the rest of it. */
export function behaving(answering: Answering): Answering {
  const own = behaviours();
  const next: Answering = async (ask) => {
    const [first = '', ...rest] = ask.repository.split('/');
    if (!isBehaviour(first)) return answering(ask);
    return own[first]({ ...ask, repository: rest.join('/') }, next);
  };
  return next;
}

function isBehaviour(text: string): text is RegistryBehaviour {
  return registryBehaviours.some((behaviour) => behaviour === text);
}

function behaviours(): Readonly<Record<RegistryBehaviour, Behaviour>> {
  const tags = new MovingTags();
  return {
    private: (ask, next) =>
      opens(ask.authorization) ? next(ask) : refused(401, 'UNAUTHORIZED', 'who are you?', basicChallenge),
    token: (ask, next) => {
      const { host, name, authorization } = ask;
      if (opens(authorization)) return next(ask);
      const challenge = bearerChallenge(host, name, authorization !== undefined);
      return refused(401, 'UNAUTHORIZED', 'a token is wanted', challenge);
    },
    unavailable: () => refused(503, 'UNAVAILABLE', 'come back later'),
    stalled: layersAre((blob) => ({ kind: 'found', blob, only: { sizeBytes: half(blob), then: 'silence' } })),
    truncated: layersAre((blob) => ({ kind: 'found', blob, only: { sizeBytes: half(blob), then: 'end' } })),
    corrupt: layersAre((blob) => ({ kind: 'found', blob: { ...blob, data: corrupted(blob.data) } })),
    'no-layer': layersAre(({ digest }) => refused(404, 'BLOB_UNKNOWN', `no blob ${digest}`)),
    moving: (ask, next) => tags.answer(ask, next),
  };
}

/** Changes the answers that are layers. */
function layersAre(change: (layer: Blob) => Answer): Behaviour {
  return async (ask, next) => {
    const answer = await next(ask);
    return answer.kind === 'found' && isLayer(answer.blob) ? change(answer.blob) : answer;
  };
}

function isLayer({ mediaType }: Blob): boolean {
  return mediaType === mediaTypes.gzipLayer || mediaType === mediaTypes.tarLayer;
}

function half({ data }: Blob): number {
  return Math.floor(data.length / 2);
}

/** As many bytes, of which one in the middle is another. */
function corrupted(data: Buffer): Buffer {
  const bytes = Buffer.from(data);
  const middle = Math.floor(bytes.length / 2);
  bytes.writeUInt8(bytes.readUInt8(middle) ^ 0xff, middle);
  return bytes;
}

/** Repositories whose tags can be moved, by `PUT` of a manifest that they have under another tag and that was asked for before. */
class MovingTags {
  /** The digest of the manifest that each moved tag names now, by `REPOSITORY:TAG`. */
  readonly #moved = new Map<string, string>();

  async answer(ask: Ask, next: Answering): Promise<Answer> {
    const { method, repository, kind, reference, body } = ask;
    const tag = `${repository}:${reference}`;
    if (method !== 'PUT' || kind !== 'manifests') {
      const moved = kind === 'manifests' ? this.#moved.get(tag) : undefined;
      return next(moved === undefined ? ask : { ...ask, reference: moved });
    }
    const digest = digestOf(body);
    const known = await next({ ...ask, method: 'GET', reference: digest });
    if (known.kind !== 'found') return known;
    this.#moved.set(tag, digest);
    return { kind: 'stored', digest };
  }
}
