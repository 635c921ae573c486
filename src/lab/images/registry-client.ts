import { z } from 'zod';
import { messageOf, UsageError } from '../../model/error.ts';
import { LabError } from '../lab-error.ts';
import { mediaTypes, type Blob } from './blob.ts';

/** Name and password (or access token) for a registry. They stay in memory. */
export interface Credentials {
  readonly username: string;
  readonly password: string;
}

const tokenSchema = z.object({ token: z.string().optional(), access_token: z.string().optional() });

/** A registry as a prefix names it: `HOST[:PORT][/PATH]`, with `http://` or `https://` before it where the guess is wrong. */
export class RegistryClient {
  /** Path of the prefix, `` or `crible/`; goes before every repository. */
  readonly #path: string;
  readonly #origin: string;
  readonly #credentials: Credentials | undefined;
  readonly #signal: AbortSignal | undefined;
  #authorization: string | undefined;

  /** @throws UsageError on a prefix that names no registry */
  constructor(prefix: string, credentials?: Credentials, signal?: AbortSignal) {
    const parts =
      /^(?:(?<scheme>https?):\/\/)?(?<host>[\w.-]+|\[[0-9a-f:]+\])(?<port>:\d+)?(?<path>\/[a-z0-9._/-]*)?$/.exec(
        prefix,
      )?.groups;
    if (!parts)
      throw new UsageError(`'${prefix}' is not REGISTRY[/PREFIX]`, 'for example registry.example:5000/crible');
    const { host = '', port = '', path = '' } = parts;
    const loopback = host === 'localhost' || host === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(host);
    this.#origin = `${parts['scheme'] ?? (loopback ? 'http' : 'https')}://${host}${port}`;
    this.#path = path.replace(/^\/|\/$/g, '').replace(/(?<=.)$/, '/');
    this.#credentials = credentials;
    this.#signal = signal;
  }

  /** Uploads a blob unless the repository has it (distribution-spec, "Pushing a blob in chunks or monolithically": POST then PUT). */
  async pushBlob(repository: string, { digest, data }: Blob): Promise<void> {
    const blobs = `/v2/${this.#path}${repository}/blobs`;
    const present = await this.#request('HEAD', `${blobs}/${digest}`, {});
    if (present.ok) return;
    const session = await this.#request('POST', `${blobs}/uploads/`, {});
    const location = session.headers.get('location');
    if (session.status !== 202 || location === null) await this.#refused('POST', `${blobs}/uploads/`, session);
    const upload = new URL(location ?? '', `${this.#origin}${blobs}/uploads/`);
    upload.searchParams.set('digest', digest);
    const done = await this.#request('PUT', upload.href, {
      body: data,
      headers: { 'Content-Type': 'application/octet-stream' },
    });
    if (!done.ok) await this.#refused('PUT', upload.pathname, done);
  }

  /** Puts a manifest under a tag; its blobs must be there. */
  async pushManifest(repository: string, tag: string, { data }: Blob): Promise<void> {
    const path = `/v2/${this.#path}${repository}/manifests/${tag}`;
    const done = await this.#request('PUT', path, { body: data, headers: { 'Content-Type': mediaTypes.manifest } });
    if (!done.ok) await this.#refused('PUT', path, done);
  }

  /** Sends a request; when it is challenged, once more with what the challenge asks for. */
  async #request(
    method: string,
    path: string,
    init: { body?: Buffer; headers?: Record<string, string> },
  ): Promise<Response> {
    const url = new URL(path, this.#origin);
    const send = async (): Promise<Response> => {
      // Only the registry itself hears the credentials: uploads may be sent elsewhere.
      const own = url.origin === this.#origin && this.#authorization !== undefined;
      const headers = { ...init.headers, ...(own ? { Authorization: this.#authorization ?? '' } : {}) };
      const body = init.body === undefined ? {} : { body: new Uint8Array(init.body) };
      const signal = this.#signal === undefined ? {} : { signal: this.#signal };
      try {
        return await fetch(url, { method, headers, ...body, ...signal });
      } catch (error) {
        const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
        throw new LabError(
          'push-refused',
          `${method} ${url.origin}${url.pathname}: ${messageOf(cause)}`,
          'is the registry there? write http://REGISTRY/... for one without TLS',
          { cause: error },
        );
      }
    };
    const first = await send();
    const challenge = first.status === 401 ? first.headers.get('www-authenticate') : null;
    if (challenge === null || url.origin !== this.#origin) return first;
    await first.arrayBuffer();
    this.#authorization = await this.#answer(challenge);
    return send();
  }

  /** Authorization that a challenge asks for: the credentials themselves, or a token that they buy (distribution's token protocol). */
  async #answer(challenge: string): Promise<string | undefined> {
    const basic =
      this.#credentials &&
      `Basic ${Buffer.from(`${this.#credentials.username}:${this.#credentials.password}`).toString('base64')}`;
    const parameters = new Map(
      [...challenge.matchAll(/(\w+)="([^"]*)"/g)].map(([, key = '', value = '']) => [key, value]),
    );
    const realm = parameters.get('realm');
    if (!/^bearer /i.test(challenge) || realm === undefined) return basic;
    const url = new URL(realm);
    for (const key of ['service', 'scope']) {
      const value = parameters.get(key);
      if (value !== undefined) url.searchParams.set(key, value);
    }
    const answer = await fetch(url, {
      headers: basic === undefined ? {} : { Authorization: basic },
      ...(this.#signal === undefined ? {} : { signal: this.#signal }),
    });
    if (!answer.ok) return undefined;
    const { token, access_token } = tokenSchema.parse(await answer.json());
    return `Bearer ${token ?? access_token ?? ''}`;
  }

  async #refused(method: string, path: string, response: Response): Promise<never> {
    const said = (await response.text()).slice(0, 300);
    const denied = response.status === 401 || response.status === 403;
    throw new LabError(
      'push-refused',
      `${this.#origin} answered ${String(response.status)} to ${method} ${path}${said === '' ? '' : `: ${said}`}`,
      denied ? 'give credentials that may push there' : 'does the registry allow pushing to this path?',
    );
  }
}
