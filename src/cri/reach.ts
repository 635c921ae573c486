import { Metadata } from '@grpc/grpc-js';
import { fromBinary } from '@bufbuild/protobuf';
import { callUnary } from './call.ts';
import type { Line } from './call.ts';
import { closeChannel, openChannel } from './channel.ts';
import type { Channel } from './channel.ts';
import { criDisabled, explain, isPlainHttp, noCri } from './diagnosis.ts';
import type { Endpoint } from './endpoint.ts';
import { CriError } from './error.ts';
import { grpcUnary } from './grpc-unary.ts';
import { ImageService, RuntimeService, VersionResponseSchema } from './gen/api_pb.js';
import type { VersionResponse } from './gen/api_pb.js';
import type { ApiVersion, CallOptions } from './service.ts';

type FirstCall = CallOptions & { readonly deadlineMs: number };

/**
 * Opens a line to RuntimeService by asking for its version.
 * @throws ConnectError, or CriError when the runtime answers Version with an error of its own or on cancellation.
 */
export async function reachRuntime(
  endpoint: Endpoint,
  callTimeoutMs: number | undefined,
  first: FirstCall,
): Promise<{ readonly line: Line; readonly version: VersionResponse }> {
  return await reach(endpoint, callTimeoutMs, first, async (line) => {
    // The kubelet's own: the version of its runtime API.
    const version = await callUnary(line, RuntimeService.method.version, { version: '0.1.0' }, first);
    return { line, version };
  });
}

/**
 * Opens a line to ImageService by ImageFsInfo, which is what the kubelet finds out its version by. An error of the
 * runtime's own is an answer too: the service is there.
 * @throws ConnectError, or CriError on cancellation.
 */
export async function reachImages(
  endpoint: Endpoint,
  callTimeoutMs: number | undefined,
  first: FirstCall,
): Promise<Line> {
  return await reach(endpoint, callTimeoutMs, first, async (line) => {
    await callUnary(line, ImageService.method.imageFsInfo, {}, first).catch((error: unknown) => {
      if (!(error instanceof CriError) || isTransport(error)) throw error;
    });
    return line;
  });
}

function isTransport({ code }: CriError): boolean {
  return code === 'Unimplemented' || code === 'Unavailable' || code === 'DeadlineExceeded' || code === 'Canceled';
}

async function reach<T>(
  endpoint: Endpoint,
  callTimeoutMs: number | undefined,
  first: FirstCall,
  ask: (line: Line) => Promise<T>,
): Promise<T> {
  const channel = openChannel(endpoint);
  const unary = grpcUnary(channel);
  const askIn = (apiVersion: ApiVersion): Promise<T> =>
    ask({ channel, unary, endpoint: endpoint.text, apiVersion, callTimeoutMs, observe: undefined });
  try {
    return await askIn('v1').catch((error: unknown) => {
      if (error instanceof CriError && error.code === 'Unimplemented') return askIn('v1alpha2');
      throw error;
    });
  } catch (error) {
    const told = error instanceof CriError ? await diagnose(channel, endpoint, error, first.deadlineMs) : error;
    closeChannel(channel);
    throw told;
  }
}

async function diagnose(channel: Channel, endpoint: Endpoint, error: CriError, waitedMs: number): Promise<Error> {
  if (error.code !== 'Unimplemented' || isPlainHttp(error)) return await explain(endpoint, error, waitedMs);
  const containerd = await containerdVersion(channel, waitedMs);
  return containerd === undefined ? noCri(endpoint, error) : criDisabled(endpoint, containerd, error);
}

/** What containerd's own version service answers, which is there whatever plug-ins are disabled; undefined elsewhere. */
function containerdVersion(channel: Channel, deadlineMs: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    channel.client.makeUnaryRequest(
      '/containerd.services.version.v1.Version/Version',
      () => Buffer.alloc(0),
      // containerd's VersionResponse has the version in field 1, as the CRI's has.
      (bytes: Buffer) => fromBinary(VersionResponseSchema, bytes).version,
      undefined,
      new Metadata(),
      { deadline: Date.now() + deadlineMs },
      (_error, version) => {
        resolve(version);
      },
    );
  });
}
