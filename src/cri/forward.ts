import type { Message } from '@bufbuild/protobuf';
import type { CriClient } from './client.ts';
import { ImageService, RuntimeService } from './gen/api_pb.js';
import type { CallContext, ServiceHandlers } from './handler.ts';
import type { CallOptions, ServiceClient, ServiceLike } from './service.ts';

/** Handlers for every RPC. */
export interface AllHandlers {
  readonly runtime: Required<ServiceHandlers<typeof RuntimeService>>;
  readonly image: Required<ServiceHandlers<typeof ImageService>>;
}

/**
 * Handlers that pass every call on to a client: its deadline and its cancellation, every field of its messages (also
 * those that the proto does not know), and the code and details of errors.
 */
export function forwardTo(client: CriClient): AllHandlers {
  return { runtime: forwarding(RuntimeService, client.runtime), image: forwarding(ImageService, client.image) };
}

type Forward = (request: Message, options: CallOptions) => unknown;

function forwarding<S extends ServiceLike>(service: S, client: ServiceClient<S>): Required<ServiceHandlers<S>> {
  const calls = client as Readonly<Record<string, Forward>>;
  const handlers = service.methods.map(({ localName }) => [
    localName,
    (request: Message, { deadline, signal }: CallContext) =>
      calls[localName]?.(request, { deadlineMs: deadline ? deadline.getTime() - Date.now() : Infinity, signal }),
  ]);
  return Object.fromEntries(handlers) as Required<ServiceHandlers<S>>;
}
