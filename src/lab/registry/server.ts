import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { mediaTypes, type Blob } from '../images/blob.ts';
import type { ImageStore } from '../images/image-store.ts';
import { tagsOf } from '../images/reference.ts';
import { messageOf } from '../../model/error.ts';

/** Repositories are served below this name, so that references read `127.0.0.1:PORT/crible/shell:1`. */
export const registryPrefix = 'crible';

const route =
  /^\/v2\/(?<name>[a-z0-9._/-]+)\/(?:(?<kind>manifests|blobs)\/(?<reference>[\w.:-]+)|(?<tags>tags\/list))$/;

type ErrorCode = 'NAME_UNKNOWN' | 'MANIFEST_UNKNOWN' | 'BLOB_UNKNOWN' | 'UNSUPPORTED' | 'UNKNOWN';

/**
 * The pull half of the OCI distribution specification v1.1 over a store of images: the version check, manifests by
 * tag and digest, blobs with ranges, the tags list, HEAD for all of them. Not listening yet.
 */
export function createRegistry(store: ImageStore): Server {
  return createServer((request, response) => {
    response.setHeader('Docker-Distribution-API-Version', 'registry/2.0');
    answer(store, request, response).catch((error: unknown) => {
      refuse(request, response, 500, 'UNKNOWN', messageOf(error));
    });
  });
}

async function answer(store: ImageStore, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const path = new URL(request.url ?? '/', 'http://registry').pathname;
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    refuse(request, response, 405, 'UNSUPPORTED', 'this registry can only be pulled from');
    return;
  }
  if (path === '/v2/' || path === '/v2') {
    send(request, response, 200, 'application/json', Buffer.from('{}'));
    return;
  }
  const { name = '', kind, reference = '' } = route.exec(path)?.groups ?? {};
  const repository = name.startsWith(`${registryPrefix}/`) ? name.slice(registryPrefix.length + 1) : undefined;
  if (repository === undefined || tagsOf(repository).length === 0) {
    refuse(request, response, 404, 'NAME_UNKNOWN', `no repository ${name}`);
    return;
  }
  if (kind === 'manifests') {
    const manifest = await manifestOf(store, repository, reference);
    if (manifest) serve(request, response, manifest);
    else refuse(request, response, 404, 'MANIFEST_UNKNOWN', `no image ${name} ${reference}`);
  } else if (kind === 'blobs') {
    const blob = await store.blob(repository, reference);
    if (blob) serve(request, response, { ...blob, mediaType: 'application/octet-stream' });
    else refuse(request, response, 404, 'BLOB_UNKNOWN', `no blob ${reference} in ${name}`);
  } else {
    send(request, response, 200, 'application/json', Buffer.from(JSON.stringify({ name, tags: tagsOf(repository) })));
  }
}

async function manifestOf(store: ImageStore, repository: string, reference: string): Promise<Blob | undefined> {
  if (!reference.includes(':')) return (await store.image(repository, reference))?.manifest;
  const blob = await store.blob(repository, reference);
  return blob?.mediaType === mediaTypes.manifest ? blob : undefined;
}

function serve(request: IncomingMessage, response: ServerResponse, { mediaType, digest, data }: Blob): void {
  response.setHeader('Docker-Content-Digest', digest);
  response.setHeader('ETag', `"${digest}"`);
  response.setHeader('Accept-Ranges', 'bytes');
  const range = /^bytes=(?<from>\d+)-(?<to>\d*)$/.exec(request.headers.range ?? '')?.groups;
  if (!range) {
    send(request, response, 200, mediaType, data);
    return;
  }
  const from = Number(range['from']);
  const to = range['to'] === '' ? data.length - 1 : Math.min(Number(range['to']), data.length - 1);
  if (from > to) {
    response.setHeader('Content-Range', `bytes */${String(data.length)}`);
    send(request, response, 416, mediaType, Buffer.alloc(0));
    return;
  }
  response.setHeader('Content-Range', `bytes ${String(from)}-${String(to)}/${String(data.length)}`);
  send(request, response, 206, mediaType, data.subarray(from, to + 1));
}

function refuse(
  request: IncomingMessage,
  response: ServerResponse,
  status: number,
  code: ErrorCode,
  message: string,
): void {
  send(request, response, status, 'application/json', Buffer.from(JSON.stringify({ errors: [{ code, message }] })));
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
