import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { connect } from '../../cri/client.ts';
import { runFolder } from '../../kit/home.ts';
import type { ImageSource } from '../../kit/target-context.ts';
import { findBusybox } from '../../lab/binaries.ts';
import { LabError } from '../../lab/lab-error.ts';
import { requireHandler } from '../../lab/lab.ts';
import type { Lab } from '../../lab/lab.ts';
import { releaseLab } from '../../lab/labs.ts';
import { startRegistry } from '../../lab/registry/start-registry.ts';
import type { RunningRegistry } from '../../lab/registry/start-registry.ts';
import { registryPrefix } from '../../lab/registry/server.ts';
import { startLab } from '../../lab/start-lab.ts';
import { promiseBrokenBy } from '../../faults/catalogue.ts';
import { spawnProxies } from '../../faults/spawn-proxies.ts';
import type { ProxyProcess } from '../../faults/spawn-proxies.ts';
import type { Proxy } from '../../faults/proxy.ts';
import { messageOf, UsageError } from '../../model/error.ts';
import type { Target, TargetSpec } from '../../model/target.ts';
import { spawnSimulator } from '../../simulator/spawn-simulator.ts';
import type { SimulatorProcess } from '../../simulator/spawn-simulator.ts';

/** A target that there is something to connect to for. */
export interface Opened {
  readonly name: string;
  readonly spec: string;
  readonly endpoint: string;
  readonly imageEndpoint?: string;
  readonly handler: string;
  readonly images: ImageSource;
  readonly known: Pick<Target, 'binaries' | 'limits'>;
  /** It was there before the run and stays: what we pulled into it is removed from it again. */
  readonly outlivesRun: boolean;
  /** Where the runtime itself is served, when a proxy of ours stands before it. */
  readonly behind?: string;
  /** A kubelet may serve it; one never serves what crible itself started. */
  readonly ofTheHost: boolean;
}

export interface ProvisionOptions {
  readonly runId: string;
  readonly imagePrefix: string | undefined;
  readonly imageEndpoint: string | undefined;
  readonly progress: (line: string) => void;
  readonly signal: AbortSignal;
}

type Spec<K extends TargetSpec['kind']> = Extract<TargetSpec, { readonly kind: K }>;

/** What is started for a run and ends with it: labs, simulators, the registry for targets that are not ours. */
export class Provisions {
  readonly #options: ProvisionOptions;
  readonly #labs = new Map<string, Promise<Lab>>();
  readonly #simulators: Promise<SimulatorProcess>[] = [];
  #proxyProcess: Promise<ProxyProcess> | undefined;
  readonly #proxies: Proxy[] = [];
  readonly #registries = new Map<'runtimes' | 'simulators', Promise<RunningRegistry>>();

  constructor(options: ProvisionOptions) {
    this.#options = options;
  }

  /**
   * Starts what a target needs.
   * @throws LabError when its lab or the registry cannot be had; UsageError when the lab has no such handler
   */
  async open(spec: TargetSpec): Promise<Opened> {
    switch (spec.kind) {
      case 'lab':
        return await this.#openLab(spec);
      case 'endpoint':
        return await this.#openEndpoint(spec);
      case 'simulator':
        return await this.#openSimulator(spec);
      case 'fault':
        return await this.#openFault(spec);
    }
  }

  /** Waits for a runtime that died to be started again by whoever looks after it; what is ours nobody looks after. */
  readonly revive = async (endpoint: string): Promise<boolean> => {
    const labs = await Promise.allSettled(this.#labs.values());
    const simulators = await Promise.allSettled(this.#simulators);
    const own =
      [...labs, ...simulators].some((one) => one.status === 'fulfilled' && one.value.endpoint === endpoint) ||
      this.#proxies.some((proxy) => proxy.endpoint === endpoint);
    const until = performance.now() + (own ? ownReviveMs : reviveMs);
    for (;;) {
      if (this.#options.signal.aborted) return false;
      try {
        (await connect(endpoint, { connectTimeoutMs: 1000, signal: this.#options.signal })).close();
        return true;
      } catch {
        if (performance.now() > until) return false;
        await pause(250);
      }
    }
  };

  /**
   * Ends everything that was started.
   * @returns what could not be ended, in sentences
   */
  async close(): Promise<readonly string[]> {
    // What was made through a proxy is removed from the runtime behind it, which has to be there for that.
    const left = await Promise.all(this.#proxies.map((proxy) => proxy.close()));
    await (await this.#proxyProcess?.catch(() => undefined))?.stop();
    const ends = [
      ...[...this.#labs.values()].map(async (lab) => {
        await releaseLab(await started(lab), { progress: this.#options.progress });
      }),
      ...this.#simulators.map(async (simulator) => {
        await (await started(simulator)).stop();
      }),
      ...[...this.#registries.values()].map(async (registry) => process.kill((await started(registry)).pid, 'SIGTERM')),
    ];
    const settled = await Promise.allSettled(ends);
    const failed = settled.flatMap((end) =>
      end.status === 'rejected' && end.reason !== neverStarted ? [messageOf(end.reason)] : [],
    );
    return [...left.flat(), ...failed];
  }

  async #openLab(spec: Spec<'lab'>): Promise<Opened> {
    const { runtime, instance, version, handler = '' } = spec;
    const { runId, progress, signal } = this.#options;
    const key = [runtime, instance, version].join(' ');
    const starting =
      this.#labs.get(key) ?? startLab({ runtime, instance, version }, { owner: 'run', runId, progress, signal });
    this.#labs.set(key, starting);
    const lab = await starting;
    if (handler !== '') requireHandlerOf(lab, handler);
    return {
      name: spec.name,
      spec: spec.text,
      endpoint: lab.endpoint,
      handler,
      images: { prefix: lab.imagePrefix, loopback: true },
      known: { binaries: [...lab.provenance], limits: [...lab.limits] },
      outlivesRun: lab.owner.kind === 'user',
      ofTheHost: false,
    };
  }

  async #openEndpoint(spec: Spec<'endpoint'>): Promise<Opened> {
    const { imagePrefix, imageEndpoint } = this.#options;
    return {
      name: spec.name,
      spec: spec.text,
      endpoint: spec.endpoint,
      ...(imageEndpoint === undefined ? {} : { imageEndpoint }),
      handler: spec.handler ?? '',
      images:
        imagePrefix === undefined ? await this.#loopbackImages('runtimes') : { prefix: imagePrefix, loopback: false },
      known: { binaries: [], limits: [] },
      outlivesRun: true,
      ofTheHost: true,
    };
  }

  async #openSimulator(spec: Spec<'simulator'>): Promise<Opened> {
    const spawning = spawnSimulator();
    this.#simulators.push(spawning);
    const [{ endpoint }, images] = await Promise.all([spawning, this.#loopbackImages('simulators')]);
    const limits = ['a simulation: it runs no processes, so its verdicts and figures say nothing about a runtime'];
    return {
      ...{ name: spec.name, spec: spec.text, endpoint, handler: '', images },
      known: { binaries: [], limits },
      outlivesRun: false,
      ofTheHost: false,
    };
  }

  async #openFault({ name, text, fault, args, behind }: Spec<'fault'>): Promise<Opened> {
    const { endpoint, imageEndpoint, ...opened } = await this.open(behind);
    this.#proxyProcess ??= spawnProxies();
    const proxy = await (await this.#proxyProcess).open({ fault, args, endpoint, imageEndpoint });
    this.#proxies.push(proxy);
    const limit = `a fault is on, so that this is not the runtime as it is: ${fault} breaks the promise that ${promiseBrokenBy(fault)}`;
    return {
      ...opened,
      ...{ name, spec: text, endpoint: proxy.endpoint, behind: opened.behind ?? endpoint },
      known: { ...opened.known, limits: [...opened.known.limits, ...(fault === 'none' ? [] : [limit])] },
    };
  }

  /** A registry that lives in the run's own folder: it ends by itself once that is gone, whoever removed it. */
  async #loopbackImages(audience: 'runtimes' | 'simulators'): Promise<ImageSource> {
    const starting = this.#registries.get(audience) ?? this.#startRegistry(audience);
    this.#registries.set(audience, starting);
    const { address } = await starting;
    return { prefix: `${address}/${registryPrefix}`, loopback: true };
  }

  async #startRegistry(audience: 'runtimes' | 'simulators'): Promise<RunningRegistry> {
    const { runId, progress, signal } = this.#options;
    const busybox = audience === 'runtimes' ? await findBusybox({ progress, signal }) : undefined;
    const folder = join(runFolder(runId), `registry-for-${audience}`);
    mkdirSync(folder, { recursive: true });
    return await startRegistry({ folder }, busybox?.path, signal);
  }
}

/** systemd starts containerd again after 5 s, by its unit's RestartSec; then it must come up. */
const reviveMs = 20_000;
/** A process of ours may be slow to answer under load; when it is dead nobody starts it again. */
const ownReviveMs = 2_000;

const neverStarted = new Error('it never started');

async function started<T>(starting: Promise<T>): Promise<T> {
  try {
    return await starting;
  } catch {
    // Whoever opened the target was told.
    throw neverStarted;
  }
}

/** That a handler is missing is found out late here, but it is the user's mistake all the same. */
function requireHandlerOf(lab: Lab, handler: string): void {
  try {
    requireHandler(lab, handler);
  } catch (error) {
    if (error instanceof LabError) throw new UsageError(error.message, error.advice, { cause: error });
    throw error;
  }
}
