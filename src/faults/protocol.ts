import type { ProxyRequest } from './proxy.ts';

/** What the parent tells the process that proxies live in; `id` is the parent's name for a proxy. */
export type ToProxies =
  | { readonly type: 'open'; readonly id: number; readonly request: ProxyRequest }
  | { readonly type: 'close'; readonly id: number };

/** What that process tells its parent. */
export type FromProxies =
  | { readonly type: 'ready' }
  | { readonly type: 'opened'; readonly id: number; readonly endpoint: string }
  | { readonly type: 'refused'; readonly id: number; readonly reason: Refusal }
  | { readonly type: 'closed'; readonly id: number; readonly problems: readonly string[] };

/** Why a proxy could not be opened; whose fault it is decides the exit code. */
export interface Refusal {
  readonly of: 'usage' | 'target' | 'defect';
  readonly message: string;
  readonly advice: string;
}
