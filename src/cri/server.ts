import type { Message } from '@bufbuild/protobuf';
import { Server, ServerCredentials } from '@grpc/grpc-js';
import type { ServerUnaryCall, ServerWritableStream, sendUnaryData } from '@grpc/grpc-js';
import { decode, encode } from './call.ts';
import { maxMessageBytes } from './channel.ts';
import { bindAddress, parseEndpoint } from './endpoint.ts';
import { ImageService, RuntimeService } from './gen/api_pb.js';
import { answerStream, answerUnary, unimplemented } from './handler.ts';
import type { AnyHandler, Handlers, ServiceHandlers } from './handler.ts';
import { apiVersions, methodPath } from './service.ts';
import type { ApiVersion, ServiceLike } from './service.ts';

/** A CRI server of our own. */
export interface CriServer {
  /** Where it listens; the port is the real one when port 0 was asked for. */
  readonly endpoint: string;
  /** Stops at once: calls in flight fail with Canceled at their callers, and the socket file goes away. */
  close(): void;
}

/**
 * Serves the CRI at an endpoint, by default under the paths of v1 and of v1alpha2.
 * @throws UsageError on a malformed endpoint, Error when it cannot be listened on.
 */
export async function serve(
  endpoint: string,
  handlers: Handlers,
  versions: readonly ApiVersion[] = apiVersions,
): Promise<CriServer> {
  const parsed = parseEndpoint(endpoint);
  const server = new Server({
    'grpc.max_receive_message_length': maxMessageBytes,
    'grpc.max_send_message_length': maxMessageBytes,
    // Channelz stays on: without it grpc-js's forceShutdown leaves connections and their calls alive.
  });
  for (const apiVersion of versions) {
    if (handlers.runtime) register(server, RuntimeService, handlers.runtime, apiVersion);
    if (handlers.image) register(server, ImageService, handlers.image, apiVersion);
  }
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync(bindAddress(parsed), ServerCredentials.createInsecure(), (error, bound) => {
      if (error) reject(error);
      else resolve(bound);
    });
  });
  return {
    endpoint: 'path' in parsed.socket ? parsed.text : parsed.text.replace(/:\d+$/, `:${port.toString()}`),
    close: () => {
      server.forceShutdown();
    },
  };
}

function register<S extends ServiceLike>(
  server: Server,
  service: S,
  handlers: ServiceHandlers<S>,
  apiVersion: ApiVersion,
): void {
  const byName = handlers as Readonly<Record<string, AnyHandler | undefined>>;
  for (const method of service.methods) {
    const handle = byName[method.localName] ?? unimplemented(method);
    const streaming = method.methodKind === 'server_streaming';
    server.register<Message, Message>(
      methodPath(apiVersion, method),
      streaming
        ? (call: ServerWritableStream<Message, Message>) => void answerStream(call, method, handle, apiVersion)
        : (call: ServerUnaryCall<Message, Message>, answer: sendUnaryData<Message>) =>
            void answerUnary(call, answer, method, handle, apiVersion),
      (message) => encode(method.output, message),
      (bytes) => decode(method.input, bytes),
      streaming ? 'serverStream' : 'unary',
    );
  }
}
