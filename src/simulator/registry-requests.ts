import { z } from 'zod';
import { StatusError } from '../cri/handler.ts';
import { messageOf } from '../model/error.ts';
import { referenceText } from './image-reference.ts';
import type { ImageReference } from './image-reference.ts';

/** What a registry may ask for. */
export interface Credentials {
  readonly username: string;
  readonly password: string;
}

const manifestTypes = [
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
];
const tokenSchema = z.object({ token: z.string() });

/** The requests by which one image is pulled from a registry on this machine, over plain HTTP. */
export class RegistryRequests {
  readonly #reference: ImageReference;
  readonly #signal: AbortSignal;
  readonly #credentials: Credentials | undefined;
  #authorization: string | undefined;

  constructor(reference: ImageReference, signal: AbortSignal, credentials: Credentials | undefined) {
    this.#reference = reference;
    this.#signal = signal;
    this.#credentials = credentials;
  }

  /**
   * What is at a path below the repository; once more with an authorization when the registry asks for one.
   * @throws StatusError NotFound, Unauthenticated; Unknown when the registry cannot be asked, with the word RegistryUnavailable, which
   * the kubelet looks for (Unavailable is what a client says of a CRI server that is gone); DataLoss when the answer breaks off
   */
  async bytes(path: string): Promise<Buffer> {
    const { registry, repository } = this.#reference;
    const url = `http://${registry}/v2/${repository}/${path}`;
    const first = await this.#send(url, this.#authorization);
    const challenge = first.status === 401 ? first.headers.get('www-authenticate') : null;
    if (challenge === null) return this.#body(url, first);
    await first.arrayBuffer();
    this.#authorization = await this.#authorizationFor(challenge);
    return this.#body(url, await this.#send(url, this.#authorization));
  }

  #send(url: string, authorization: string | undefined): Promise<Response> {
    const headers = { accept: manifestTypes.join(', '), ...(authorization === undefined ? {} : { authorization }) };
    return fetch(url, { signal: this.#signal, headers }).catch((error: unknown) => {
      this.#signal.throwIfAborted();
      const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
      throw this.#failed('Unknown', messageOf(cause), 'RegistryUnavailable: ');
    });
  }

  async #body(url: string, response: Response): Promise<Buffer> {
    const { status } = response;
    if (status === 404) throw this.#failed('NotFound', 'not found');
    if (status === 401 || status === 403)
      throw this.#failed('Unauthenticated', 'the registry wants credentials, or others');
    if (!response.ok) throw this.#failed('Unknown', `${url} answered ${String(status)}`, 'RegistryUnavailable: ');
    try {
      return Buffer.from(await response.arrayBuffer());
    } catch (error) {
      this.#signal.throwIfAborted();
      throw this.#failed('DataLoss', `${url} broke off: ${messageOf(error)}`);
    }
  }

  /** The credentials themselves, or the token that they buy; a token is given without any, too. */
  async #authorizationFor(challenge: string): Promise<string | undefined> {
    const { username, password } = this.#credentials ?? { username: '', password: '' };
    const basic = username === '' ? undefined : `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
    const realm = /^Bearer .*?realm="(?<realm>[^"]+)"/.exec(challenge)?.groups?.['realm'];
    if (realm === undefined) return basic;
    const answer = await this.#send(realm, basic);
    return answer.ok ? `Bearer ${tokenSchema.parse(await answer.json()).token}` : undefined;
  }

  #failed(code: StatusError['code'], problem: string, word = ''): StatusError {
    return new StatusError(code, `${word}failed to pull ${referenceText(this.#reference)}: ${problem}`);
  }
}
