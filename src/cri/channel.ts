import { Client, credentials } from '@grpc/grpc-js';
import { grpcTarget } from './endpoint.ts';
import type { Endpoint } from './endpoint.ts';

/** Runtimes answer with up to 16 MiB (containerd, ExecSync's cap) or 80 MiB (CRI-O's lists); the kubelet takes 16 MiB. */
export const maxMessageBytes = 64 * 1024 * 1024;

/** A connection, and how to cancel the calls that are under way on it. */
export interface Channel {
  readonly client: Client;
  readonly inFlight: Set<() => void>;
}

/**
 * A connection of our own to an endpoint, opened by its first call. Nothing happens on it that a measurement could
 * trip over: no retries, no proxy from the environment, no service config look-up, no channelz bookkeeping, no idle
 * time-out that would make a late call pay for connecting again, no socket shared with another client.
 */
export function openChannel(endpoint: Endpoint): Channel {
  const client = new Client(grpcTarget(endpoint), credentials.createInsecure(), {
    // CRI-O and other Go servers refuse the escaped socket path that would otherwise be sent as :authority.
    'grpc.default_authority': 'localhost',
    'grpc.max_receive_message_length': maxMessageBytes,
    'grpc.max_send_message_length': maxMessageBytes,
    // Large answers arrive without waiting for window updates every 64 KiB.
    'grpc-node.flow_control_window': 16 * 1024 * 1024,
    'grpc.enable_retries': 0,
    'grpc.enable_http_proxy': 0,
    'grpc.service_config_disable_resolution': 1,
    'grpc.enable_channelz': 0,
    'grpc.use_local_subchannel_pool': 1,
    'grpc.client_idle_timeout_ms': 2_147_483_647,
    // A runtime that was restarted is found again within a second, not after gRPC's 2 minutes.
    'grpc.initial_reconnect_backoff_ms': 100,
    'grpc.max_reconnect_backoff_ms': 1000,
  });
  return { client, inFlight: new Set() };
}

/** Ends a connection; calls in flight, which grpc-js would let go on, fail with Canceled. */
export function closeChannel({ client, inFlight }: Channel): void {
  for (const cancel of inFlight) cancel();
  client.close();
}
