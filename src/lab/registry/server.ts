import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import type { Blob } from '../images/blob.ts';
import type { ImageStore } from '../images/image-store.ts';
import { messageOf } from '../../model/error.ts';
import { bearerChallenge, passesVersionCheck, tokenFor, tokenPath } from './authorization.ts';
import { behaving } from './behaviours.ts';
import { refused, type Answer, type Answering, type Ask, type Refusal } from './exchange.ts';
import { repositoriesOf } from './repositories.ts';

/** Repositories are served below this name, so that references read `127.0.0.1:PORT/crible/shell:1`. */
export const registryPrefix = 'crible';

const route =
  /^\/v2\/(?<name>[a-z0-9._/-]+)\/(?:(?<kind>manifests|blobs)\/(?<reference>[\w.:-]+)|(?<tags>tags\/list))$/;
const methods = ['GET', 'HEAD', 'PUT'];

/**
 * The pull half of the OCI distribution specification v1.1 over a store of images: the version check, manifests by
 * tag and digest, blobs with ranges, the tags list, HEAD for all of them; and the same images behind the behaviours that
 * src/kit/registry-behaviours.ts lists. Not listening yet.
 */
export function createRegistry(store: ImageStore): Server {
  const answering = behaving(repositoriesOf(store));
  return createServer((request, response) => {
    response.setHeader('Docker-Distribution-API-Version', 'registry/2.0');
    respond(answering, request, response).catch((error: unknown) => {
      if (response.headersSent) response.destroy();
      else refuse(request, response, refused(500, 'UNKNOWN', messageOf(error)));
    });
  });
}

async function respond(answering: Answering, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { method = '', headers } = request;
  const { authorization, host = '' } = headers;
  const path = new URL(request.url ?? '/', 'http://registry').pathname;
  if (!methods.includes(method)) {
    refuse(request, response, refused(405, 'UNSUPPORTED', 'this registry can only be pulled from'));
  } else if (path === tokenPath) {
    const token = tokenFor(authorization);
    if (token === undefined) refuse(request, response, refused(401, 'UNAUTHORIZED', 'these are not the credentials'));
    else sendJson(request, response, { token });
  } else if (path === '/v2/' || path === '/v2') {
    if (passesVersionCheck(authorization)) sendJson(request, response, {});
    else refuse(request, response, refused(401, 'UNAUTHORIZED', 'a token is wanted', bearerChallenge(host)));
  } else {
    const ask = await askOf(path, request);
    const answer = ask ? await answering(ask) : refused(404, 'NAME_UNKNOWN', `no repository at ${path}`);
    give(request, response, answer, ask);
  }
}

/** What a path asks for; undefined when it is no path below the prefix. */
async function askOf(path: string, request: IncomingMessage): Promise<Ask | undefined> {
  const { name = '', kind = 'tags', reference = '' } = route.exec(path)?.groups ?? {};
  if (!name.startsWith(`${registryPrefix}/`)) return undefined;
  const { method = '', headers } = request;
  return {
    method,
    name,
    repository: name.slice(registryPrefix.length + 1),
    kind: kind === 'manifests' || kind === 'blobs' ? kind : 'tags',
    reference,
    host: headers.host ?? '',
    authorization: headers.authorization,
    body: method === 'PUT' ? await buffer(request) : Buffer.alloc(0),
  };
}

function give(request: IncomingMessage, response: ServerResponse, answer: Answer, ask: Ask | undefined): void {
  switch (answer.kind) {
    case 'refused':
      refuse(request, response, answer);
      return;
    case 'tags':
      sendJson(request, response, { name: ask?.name, tags: answer.tags });
      return;
    case 'stored':
      response.writeHead(201, {
        Location: request.url ?? '',
        'Docker-Content-Digest': answer.digest,
        'Content-Length': 0,
      });
      response.end();
      return;
    case 'found': {
      const mediaType = ask?.kind === 'blobs' ? 'application/octet-stream' : answer.blob.mediaType;
      serve(request, response, { ...answer.blob, mediaType }, answer.only);
    }
  }
}

type Part = Extract<Answer, { kind: 'found' }>['only'];

function serve(
  request: IncomingMessage,
  response: ServerResponse,
  { mediaType, digest, data }: Blob,
  only: Part,
): void {
  response.setHeader('Docker-Content-Digest', digest);
  response.setHeader('ETag', `"${digest}"`);
  response.setHeader('Accept-Ranges', 'bytes');
  const range = /^bytes=(?<first>\d+)-(?<last>\d*)$/.exec(request.headers.range ?? '')?.groups;
  const { first = '0', last = '' } = range ?? {};
  const from = Number(first);
  const to = last === '' ? data.length - 1 : Math.min(Number(last), data.length - 1);
  if (range && from > to) {
    response.setHeader('Content-Range', `bytes */${String(data.length)}`);
    send(request, response, 416, mediaType, Buffer.alloc(0));
    return;
  }
  if (range) response.setHeader('Content-Range', `bytes ${String(from)}-${String(to)}/${String(data.length)}`);
  const wanted = data.subarray(from, to + 1);
  const status = range ? 206 : 200;
  if (!only || request.method === 'HEAD') send(request, response, status, mediaType, wanted);
  else sendPart(response, status, mediaType, wanted, { ...only, sizeBytes: Math.max(0, only.sizeBytes - from) });
}

/** Promises the whole, and sends the beginning of it. */
function sendPart(
  response: ServerResponse,
  status: number,
  contentType: string,
  body: Buffer,
  { sizeBytes, then }: NonNullable<Part>,
): void {
  response.writeHead(status, { 'Content-Type': contentType, 'Content-Length': body.length });
  response.flushHeaders();
  response.write(body.subarray(0, sizeBytes));
  // What was written still gets there.
  if (then === 'end') response.socket?.destroySoon();
}

function refuse(
  request: IncomingMessage,
  response: ServerResponse,
  { status, code, message, challenge }: Refusal,
): void {
  if (challenge !== undefined) response.setHeader('WWW-Authenticate', challenge);
  sendJson(request, response, { errors: [{ code, message }] }, status);
}

function sendJson(request: IncomingMessage, response: ServerResponse, value: unknown, status = 200): void {
  send(request, response, status, 'application/json', Buffer.from(JSON.stringify(value)));
}

function send(
  request: IncomingMessage,
  response: ServerResponse,
  status: number,
  contentType: string,
  body: Buffer,
): void {
  response.writeHead(status, { 'Content-Type': contentType, 'Content-Length': body.length });
  response.end(request.method === 'HEAD' ? undefined : body);
}
