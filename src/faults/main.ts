import { CriError } from '../cri/error.ts';
import { messageOf, TargetError, UsageError } from '../model/error.ts';
import type { FromProxies, Refusal, ToProxies } from './protocol.ts';
import { startProxy } from './proxy.ts';
import type { Proxy } from './proxy.ts';

/**
 * Faults in a process of their own, started by spawnProxies, which may hold many proxies. They serve for as long as the parent keeps the
 * channel open, so that they go away however the parent ends, with what they leaked. Ctrl-C on the terminal is the parent's business.
 */
const proxies = new Map<number, Promise<Proxy>>();

function tell(message: FromProxies): void {
  if (process.connected) process.send?.(message);
}

async function open(id: number, opening: Promise<Proxy>): Promise<void> {
  proxies.set(id, opening);
  try {
    tell({ type: 'opened', id, endpoint: (await opening).endpoint });
  } catch (error) {
    proxies.delete(id);
    tell({ type: 'refused', id, reason: refusalOf(error) });
  }
}

async function close(id: number): Promise<void> {
  const proxy = await proxies.get(id);
  proxies.delete(id);
  tell({ type: 'closed', id, problems: (await proxy?.close()) ?? [] });
}

function refusalOf(error: unknown): Refusal {
  const advice = error instanceof UsageError || error instanceof TargetError ? error.advice : '';
  const of =
    error instanceof UsageError
      ? 'usage'
      : error instanceof TargetError || error instanceof CriError
        ? 'target'
        : 'defect';
  return { of, message: messageOf(error), advice };
}

async function end(): Promise<void> {
  await Promise.allSettled([...proxies.keys()].map(close));
  if (process.connected) process.disconnect();
}

process.on('message', (message: ToProxies) => {
  switch (message.type) {
    case 'open':
      void open(message.id, startProxy(message.request));
      break;
    case 'close':
      void close(message.id);
      break;
  }
});
process.on('SIGINT', () => undefined);
process.once('SIGTERM', () => void end());
process.once('disconnect', () => void end());
tell({ type: 'ready' });
