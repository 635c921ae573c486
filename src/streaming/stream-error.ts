/**
 * Why a stream could not be opened or used. `malformed-url`: the runtime's answer is no URL that can be connected to;
 * `unreachable`: nobody answers there; `refused`: an HTTP answer other than 101; `protocol`: what came is not the
 * protocol that was agreed on; `deadline`: no answer in time; `aborted`: by the caller's signal; `lost`: the connection
 * is over.
 */
export type StreamProblem = 'malformed-url' | 'unreachable' | 'refused' | 'protocol' | 'deadline' | 'aborted' | 'lost';

/** Which stream an error belongs to. */
export interface StreamSite {
  /** The CRI server that gave the URL. */
  readonly endpoint: string;
  /** The stream's URL without its token, which is a secret. */
  readonly shown: string;
}

/** What a streaming server answered to a request that was to become a stream. */
export interface HttpAnswer {
  readonly httpStatus: number;
  /** The beginning of the body: the server's own text and as such hostile. */
  readonly body: string;
}

/** A stream that could not be opened or used; the token of its URL is not in it. */
export class StreamError extends Error {
  readonly kind: StreamProblem;
  readonly endpoint: string;
  readonly url: string;
  /** Of a stream that was `refused`. */
  readonly answer: HttpAnswer | undefined;

  constructor(
    kind: StreamProblem,
    found: string,
    { endpoint, shown }: StreamSite,
    { answer, ...options }: ErrorOptions & { readonly answer?: HttpAnswer } = {},
  ) {
    super(`stream ${shown} of ${endpoint}: ${found}`, options);
    this.name = 'StreamError';
    this.kind = kind;
    this.endpoint = endpoint;
    this.url = shown;
    this.answer = answer;
  }
}
