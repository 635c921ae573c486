import type { DescMessage, DescMethod, MessageInitShape, MessageShape } from '@bufbuild/protobuf';
import { ImageService } from './gen/api_pb.js';
import type { RuntimeService } from './gen/api_pb.js';

/** The versions of the CRI that crible speaks, the one to try first in front; v1alpha2 has the same messages under another service path. */
export const apiVersions = ['v1', 'v1alpha2'] as const;
export type ApiVersion = (typeof apiVersions)[number];

export type ServiceName = 'RuntimeService' | 'ImageService';

/** The service that an RPC belongs to. */
export function serviceOf(method: DescMethod): ServiceName {
  return method.parent.typeName === ImageService.typeName ? 'ImageService' : 'RuntimeService';
}

/** The path of an RPC on the wire, for example `/runtime.v1.RuntimeService/Version`. */
export function methodPath(apiVersion: ApiVersion, method: DescMethod): string {
  return `/runtime.${apiVersion}.${serviceOf(method)}/${method.name}`;
}

/** How long a call may take and what ends it early. */
export interface CallOptions {
  /** Time from the start of the call, in ms, instead of the deadline table's; Infinity for none. */
  readonly deadlineMs?: number | undefined;
  /** Cancels the call; it then fails with Canceled. */
  readonly signal?: AbortSignal | undefined;
}

type Methods = Record<string, Pick<DescMethod, 'input' | 'output' | 'methodKind'>>;
/** What generated services and their generic descriptor have in common. */
export interface ServiceLike {
  readonly method: Methods;
  readonly methods: readonly DescMethod[];
}
/** An RPC with the types of its messages. */
export type Method<I extends DescMessage = DescMessage, O extends DescMessage = DescMessage> = DescMethod & {
  readonly input: I;
  readonly output: O;
};

type Call<M extends Methods[string]> = M['methodKind'] extends 'server_streaming'
  ? (request: MessageInitShape<M['input']>, options?: CallOptions) => AsyncIterable<MessageShape<M['output']>>
  : (request: MessageInitShape<M['input']>, options?: CallOptions) => Promise<MessageShape<M['output']>>;

/** Every RPC of a service as a function: a promise of the answer, or an AsyncIterable for a server-streaming RPC. */
export type ServiceClient<S extends ServiceLike> = { readonly [M in keyof S['method']]: Call<S['method'][M]> };
export type RuntimeClient = ServiceClient<typeof RuntimeService>;
export type ImageClient = ServiceClient<typeof ImageService>;
