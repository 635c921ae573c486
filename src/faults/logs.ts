import { existsSync, mkdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import type { Message } from '../cri/messages.ts';
import { around, aroundAny, ofCall, ofStream } from './break.ts';
import type { Break } from './break.ts';
import { answer, request } from './combinators.ts';
import type { FaultContext } from './context.ts';
import { RelayedLog, ShadowFolder } from './log-relay.ts';
import type { LogChange, RecordChange } from './log-relay.ts';
import { isStream, rpcNames } from './rpc.ts';

/** Lines that wait for a call to be passed on wait no longer than this. */
const pumpMs = 20;

/**
 * Changes what stands in the logs of containers: the runtime writes into a directory of the proxy's, and each record is passed on
 * to where the kubelet wants it. `open` is called for each log, so that what its closure remembers is one log's:
 *
 *     logs(() => (record) => ({ ...record, stream: 'stdout' }))
 *     logs(() => (record, place) => (place % 3 === 2 ? [] : record))
 */
export function logs(open: () => RecordChange): readonly Break[] {
  return relaying(() => ({ record: open(), reopens: true }));
}

/** Lets logs go on in the old file when they are to be reopened. */
export function neverReopensLogs(): readonly Break[] {
  return relaying(() => ({ record: (record) => record, reopens: false }));
}

/** The logs of one proxy. */
interface Relay {
  readonly shadows: ShadowFolder;
  readonly byContainer: Map<string, RelayedLog>;
}

function relaying(open: () => LogChange): readonly Break[] {
  const relays = new WeakMap<FaultContext, Relay>();
  const relayOf = (context: FaultContext): Relay => {
    const relay = relays.get(context) ?? startRelay(context);
    relays.set(context, relay);
    return relay;
  };
  return [
    request('RunPodSandbox', ({ config }, context) => {
      if (config === undefined || config.logDirectory === '') return;
      config.logDirectory = relayOf(context).shadows.of(config.logDirectory);
      mkdirSync(config.logDirectory, { recursive: true });
    }),
    around('CreateContainer', (next, context) => async (asked, call) => {
      const { config, sandboxConfig } = asked;
      const directory = sandboxConfig?.logDirectory ?? '';
      if (sandboxConfig === undefined || directory === '' || !config?.logPath) return next(asked, call);
      const { shadows, byContainer } = relayOf(context);
      const path = join(directory, config.logPath);
      const log = new RelayedLog(shadows.of(path), path, open());
      const shadowed = { ...asked, sandboxConfig: { ...sandboxConfig, logDirectory: shadows.of(directory) } };
      const answered = await next(shadowed, call);
      byContainer.set(answered.containerId, log);
      return answered;
    }),
    around('ReopenContainerLog', (next, context) => async (asked, call) => {
      const log = relayOf(context).byContainer.get(asked.containerId);
      if (log === undefined || !existsSync(log.shadow)) return next(asked, call);
      // The kubelet has renamed the file that it sees; so has the relay to do with the one that the runtime sees.
      const aside = `${log.shadow}.before`;
      renameSync(log.shadow, aside);
      try {
        const answered = await next(asked, call);
        log.reopened();
        return answered;
      } catch (error) {
        if (!existsSync(log.shadow)) renameSync(aside, log.shadow);
        throw error;
      }
    }),
    answer('ContainerStatus', ({ status }, _, context) => {
      if (status) status.logPath = relayOf(context).shadows.original(status.logPath);
    }),
    pumping(relayOf),
  ];
}

/** What the runtime had written when it answered is where it should be when the answer arrives. */
function pumping(relayOf: (context: FaultContext) => Relay): Break {
  const { wrap } = aroundAny(rpcNames, (rpc, next, context) => {
    const pump = (): void => {
      for (const log of relayOf(context).byContainer.values()) log.pump();
    };
    if (isStream(rpc)) {
      return ofStream(async function* (asked, call) {
        for await (const message of next(asked, call)) {
          pump();
          yield message;
        }
      });
    }
    return ofCall(async (asked, call): Promise<Message> => {
      try {
        return await next(asked, call);
      } finally {
        pump();
      }
    });
  });
  return { rpcs: [], wrap };
}

function startRelay({ folder, afterwards }: FaultContext): Relay {
  const byContainer = new Map<string, RelayedLog>();
  const timer = setInterval(() => {
    for (const log of byContainer.values()) log.pump();
  }, pumpMs);
  afterwards(() => {
    clearInterval(timer);
    for (const log of byContainer.values()) log.close();
  });
  return { shadows: new ShadowFolder(folder), byContainer };
}
