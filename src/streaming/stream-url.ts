import { parseEndpoint } from '../cri/endpoint.ts';
import { StreamError, type StreamSite } from './stream-error.ts';

/**
 * Where a stream is to be had: the URL that Exec, Attach or PortForward answered. Whoever has it has the stream, so only
 * `shown` is for messages; the whole is asked for by `secret`, and is in no JSON of this object.
 */
export class StreamUrl implements StreamSite {
  readonly endpoint: string;
  /** Without the token: `http://127.0.0.1:4000/exec/[removed]`. */
  readonly shown: string;
  readonly #url: URL;

  private constructor(endpoint: string, shown: string, url: URL) {
    this.endpoint = endpoint;
    this.shown = shown;
    this.#url = url;
  }

  /**
   * Reads `http://HOST:PORT/…/TOKEN`, also with https and, as cri-dockerd writes it, without a scheme. A host that stands
   * for every address of the runtime's machine (empty, 0.0.0.0, [::]) becomes the one at which its CRI is reached.
   * @throws StreamError (malformed-url) on anything else
   */
  static read(text: string, endpoint: string): StreamUrl {
    const parts = urlPattern.exec(text)?.groups;
    const scheme = parts?.['scheme'] ?? 'http';
    const host = parts?.['host'] ?? '';
    const { port = '', path = '/' } = parts ?? {};
    const shown = parts ? shownOf(`${scheme}://${host}${port}`, path) : '(none)';
    const site = { endpoint, shown };
    if (text === '') throw new StreamError('malformed-url', 'the answer has no URL', site);
    if (!parts) throw new StreamError('malformed-url', 'the answer is not of the form http://HOST:PORT/PATH', site);
    const connectable = `${scheme}://${unspecified.has(host) ? hostOf(endpoint, host) : host}${port}${path}`;
    if (!URL.canParse(connectable)) throw new StreamError('malformed-url', 'the answer is not a URL', site);
    return new StreamUrl(endpoint, shown, new URL(connectable));
  }

  /** For connecting, and for nothing that is printed or written. */
  get secret(): URL {
    return this.#url;
  }

  /** Scheme, host and path as a form to compare runtimes by: port and token, which are by chance, as words. */
  get form(): string {
    return this.shown.replace(/(?<=\/\/[^/]*):\d+(?=\/)/, ':PORT').replace('[removed]', 'TOKEN');
  }
}

const urlPattern =
  /^(?:(?<scheme>https?):)?\/\/(?<host>\[[\da-fA-F:.]*\]|[^\s:/?#@[\]]*)(?<port>:\d{1,5})?(?<path>\/[^\s]*)$/;
const unspecified = new Set(['', '0.0.0.0', '[::]']);
const longestShown = 200;

function shownOf(origin: string, path: string): string {
  const [withoutQuery = ''] = path.split(/[?#]/);
  return `${origin}${withoutQuery.replace(/[^/]*$/, '[removed]')}`.slice(0, longestShown);
}

/** What runs on the machine of a unix socket is reached by loopback. */
function hostOf(endpoint: string, host: string): string {
  const { socket } = parseEndpoint(endpoint);
  if ('host' in socket) return socket.host.includes(':') ? `[${socket.host}]` : socket.host;
  return host === '0.0.0.0' ? '127.0.0.1' : 'localhost';
}
