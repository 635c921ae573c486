import type { DescMessage, MessageInitShape } from '@bufbuild/protobuf';
import { callUnary, closeLine } from './call.ts';
import type { Line } from './call.ts';
import { parseEndpoint } from './endpoint.ts';
import type { Endpoint } from './endpoint.ts';
import { openFrames } from './frames/transport.ts';
import { ImageService, RuntimeService } from './gen/api_pb.js';
import type { VersionResponse } from './gen/api_pb.js';
import { reachImages, reachRuntime } from './reach.ts';
import type { Observer } from './record.ts';
import type { ApiVersion, CallOptions, ImageClient, RuntimeClient, ServiceClient, ServiceLike } from './service.ts';
import { openStream } from './stream.ts';

export interface ConnectOptions {
  /** Where ImageService is served, when not with RuntimeService. */
  readonly imageEndpoint?: string | undefined;
  /** Time of a single unary call, in ms, instead of the deadline table's (deadline.ts). */
  readonly callTimeoutMs?: number | undefined;
  /** How long each endpoint may take to answer its first call, in ms; 5000 unless given. */
  readonly connectTimeoutMs?: number | undefined;
  /**
   * What unary calls go through: grpc-js (the default), or the measured transport, which costs a thirtieth of its time and
   * says when bytes were written and read (frames/transport.ts). Connecting and server streams are grpc-js's either way.
   */
  readonly transport?: 'grpc-js' | 'frames' | undefined;
  /** Cancels connecting; calls have signals of their own. */
  readonly signal?: AbortSignal | undefined;
}

/** A connection to a CRI server. Every RPC of both services is a function, named as in the proto but for its first letter. */
export interface CriClient {
  readonly endpoint: string;
  readonly imageEndpoint: string;
  /** The version of RuntimeService that answered. */
  readonly apiVersion: ApiVersion;
  /** The runtime's answer to Version when the connection was made. */
  readonly version: VersionResponse;
  readonly runtime: RuntimeClient;
  readonly image: ImageClient;
  /** A client on the same connections whose calls are reported to `observer`, besides those that observe this one. */
  observedBy(observer: Observer): CriClient;
  /** Ends the connections, for every client on them; calls in flight fail with Canceled. */
  close(): void;
}

/**
 * Connects to the CRI at an endpoint (`unix:///abs/path`, `/abs/path`, `tcp://host:port`): v1, or v1alpha2 where
 * there is no v1. The image endpoint, when another, is checked by ImageFsInfo, as the kubelet does.
 * @throws UsageError on a malformed endpoint, ConnectError when there is no CRI to talk to, CriError when the runtime
 * answers Version with an error of its own, or when cancelled.
 */
export async function connect(endpoint: string, options: ConnectOptions = {}): Promise<CriClient> {
  const { callTimeoutMs, connectTimeoutMs = 5000, signal } = options;
  const runtimeEndpoint = parseEndpoint(endpoint);
  const imageEndpoint = parseEndpoint(options.imageEndpoint ?? endpoint);
  const first = { deadlineMs: connectTimeoutMs, signal };

  const reached = await reachRuntime(runtimeEndpoint, callTimeoutMs, first);
  const line = options.transport === 'frames' ? overFrames(reached.line, runtimeEndpoint) : reached.line;
  if (imageEndpoint.text === runtimeEndpoint.text) return clientOf(line, line, reached.version);
  try {
    const images = await reachImages(imageEndpoint, callTimeoutMs, first);
    const imageLine = options.transport === 'frames' ? overFrames(images, imageEndpoint) : images;
    return clientOf(line, imageLine, reached.version);
  } catch (error) {
    closeLine(line);
    throw error;
  }
}

function overFrames(line: Line, endpoint: Endpoint): Line {
  return { ...line, unary: openFrames(endpoint) };
}

function clientOf(runtimeLine: Line, imageLine: Line, version: VersionResponse): CriClient {
  return {
    endpoint: runtimeLine.endpoint,
    imageEndpoint: imageLine.endpoint,
    apiVersion: runtimeLine.apiVersion,
    version,
    runtime: callsOf(RuntimeService, runtimeLine),
    image: callsOf(ImageService, imageLine),
    observedBy: (observer) => clientOf(observed(runtimeLine, observer), observed(imageLine, observer), version),
    close: () => {
      closeLine(runtimeLine);
      if (imageLine.channel !== runtimeLine.channel) closeLine(imageLine);
    },
  };
}

function observed(line: Line, observer: Observer): Line {
  const { observe } = line;
  if (observe === undefined) return { ...line, observe: observer };
  return {
    ...line,
    observe: (call) => {
      observe(call);
      observer(call);
    },
  };
}

/** The one place where an RPC's name becomes a function; the mapped type says what comes out of the loop. */
function callsOf<S extends ServiceLike>(service: S, line: Line): ServiceClient<S> {
  const calls = service.methods.map((method) => [
    method.localName,
    (request: MessageInitShape<DescMessage>, options?: CallOptions) =>
      method.methodKind === 'unary'
        ? callUnary(line, method, request, options)
        : openStream(line, method, request, options),
  ]);
  return Object.fromEntries(calls) as ServiceClient<S>;
}
