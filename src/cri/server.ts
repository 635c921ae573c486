import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import type { Message } from '@bufbuild/protobuf';
import { Server, ServerCredentials } from '@grpc/grpc-js';
import type { ServerUnaryCall, ServerWritableStream, sendUnaryData } from '@grpc/grpc-js';
import { decode, encode } from './call.ts';
import { maxMessageBytes } from './channel.ts';
import { parseEndpoint } from './endpoint.ts';
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
  /** Breaks off every connection without a word, as when the process dies: calls in flight fail with Unavailable, and nobody listens. */
  die(): void;
  /** Listens again where it did before it died. */
  comeBack(): Promise<void>;
}

/** Has the last word on the bytes of an answer. */
export type LastWord = (rpc: string, bytes: Buffer) => Buffer;

/**
 * Serves the CRI at an endpoint, by default under the paths of v1 and of v1alpha2.
 * @throws UsageError on a malformed endpoint, Error when it cannot be listened on.
 */
export async function serve(
  endpoint: string,
  handlers: Handlers,
  versions: readonly ApiVersion[] = apiVersions,
  lastWord?: LastWord,
): Promise<CriServer> {
  const { text, socket } = parseEndpoint(endpoint);
  const server = new Server({
    'grpc.max_receive_message_length': maxMessageBytes,
    'grpc.max_send_message_length': maxMessageBytes,
    // Channelz stays on: without it grpc-js's forceShutdown leaves connections and their calls alive.
  });
  for (const apiVersion of versions) {
    if (handlers.runtime) register(server, RuntimeService, handlers.runtime, apiVersion, lastWord);
    if (handlers.image) register(server, ImageService, handlers.image, apiVersion, lastWord);
  }
  // Connections are accepted here and handed over, for grpc-js cannot break one off as a death does.
  const injector = server.createConnectionInjector(ServerCredentials.createInsecure());
  const connections = new Set<Socket>();
  const listener = createServer((connection) => {
    connections.add(connection);
    connection.once('close', () => connections.delete(connection));
    injector.injectConnection(connection);
  });
  const listen = async (place: typeof socket): Promise<void> => {
    listener.listen(place);
    await once(listener, 'listening');
  };
  await listen(socket);
  const bound: typeof socket =
    'path' in socket ? socket : { ...socket, port: (listener.address() as AddressInfo).port };
  return {
    endpoint: 'path' in bound ? text : text.replace(/:\d+$/, `:${bound.port.toString()}`),
    close: () => {
      listener.close();
      server.forceShutdown();
    },
    die: () => {
      listener.close();
      for (const connection of connections) connection.destroy();
    },
    comeBack: () => listen(bound),
  };
}

function register<S extends ServiceLike>(
  server: Server,
  service: S,
  handlers: ServiceHandlers<S>,
  apiVersion: ApiVersion,
  lastWord: LastWord | undefined,
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
      (message) => {
        const bytes = encode(method.output, message);
        return lastWord ? lastWord(method.name, bytes) : bytes;
      },
      (bytes) => decode(method.input, bytes),
      streaming ? 'serverStream' : 'unary',
    );
  }
}
