import type { CriClient } from '../cri/client.ts';
import { CriError } from '../cri/error.ts';
import { RuntimeConfigResponseSchema, CgroupDriver, create, type StatusResponse } from '../cri/messages.ts';
import { UsageError } from '../model/error.ts';
import type { Feature, Target } from '../model/target.ts';
import { probeHostDevice } from './host-device.ts';
import { runLabel } from './labels.ts';
import { Ledger } from './ledger.ts';
import { machineFactors } from './machine-factors.ts';
import { declaredFeatures } from './probe-declared.ts';
import { probeHostPorts } from './probe-host-ports.ts';
import { probeKernel } from './probe-kernel.ts';
import { probeRpcs } from './probe-rpcs.ts';
import { probeRuntimeProcess } from './probe-runtime-process.ts';
import { probeSandboxImage } from './probe-sandbox-image.ts';
import { probeVantage } from './probe-vantage.ts';
import { thisProcess } from './process-identity.ts';
import { readStatusInfo } from './status-info.ts';
import type { ImageSource, TargetContext } from './target-context.ts';

export interface ProbeOptions {
  readonly runId: string;
  readonly name: string;
  /** The target as the user gave it. */
  readonly spec: string;
  readonly hostId: string;
  /** The endpoint of the runtime that a proxy of crible stands before. */
  readonly behind?: string | undefined;
  /** Empty for the default handler. */
  readonly handler: string;
  readonly images: ImageSource;
  readonly callTimeoutMs?: number | undefined;
  /** A kubelet serves the same runtime, and the user wants to go on. */
  readonly besideKubelet: boolean;
  /** What is known of the target beforehand: a lab's binaries and limits. */
  readonly known?: Pick<Target, 'binaries' | 'limits'>;
  /** Whether the page cache is emptied before images are pulled, as a benchmark may ask. */
  readonly pageCacheDropped?: boolean;
  readonly signal: AbortSignal;
}

/**
 * Finds out once, at the start, what a target is and what it and our place beside it offer.
 * @throws UsageError when the runtime says that it has no such handler; CriError when it cannot even tell its status
 */
export async function probeTarget(
  cri: CriClient,
  options: ProbeOptions,
): Promise<{ readonly target: Target; readonly context: TargetContext }> {
  const { name, runId, handler, signal } = options;
  const status = await cri.runtime.status({ verbose: true }, { signal });
  const { handlers, cgroupDriver, configuration } = readStatusInfo(status);
  if (handler !== '' && handlers !== undefined && !handlers.includes(handler)) {
    throw new UsageError(
      `${cri.endpoint} has no runtime handler '${handler}'`,
      `it has: ${handlers.map((known) => (known === '' ? '(the default, without a name)' : known)).join(', ')}`,
    );
  }
  const driver = (await statedDriver(cri)) ?? cgroupDriver ?? 'unknown';
  const foreignClients = options.besideKubelet || (await foreignPods(cri, signal));
  const context: TargetContext = {
    runId,
    owner: thisProcess(),
    name,
    endpoint: cri.endpoint,
    imageEndpoint: cri.imageEndpoint,
    ...(options.behind === undefined ? {} : { behind: options.behind }),
    handler,
    features: [],
    cgroupDriver: driver,
    images: options.images,
    ...(options.callTimeoutMs === undefined ? {} : { callTimeoutMs: options.callTimeoutMs }),
    foreignClients,
  };
  const vantage = await probeVantage(cri, context, Ledger.join(runId), signal);
  const local = vantage.some(({ name: feature, present }) => feature === 'host-pids' && present);
  const binaries = options.known?.binaries ?? [];
  const factors = await machineFactors(cri, {
    ...{ handler, images: options.images, binaries, local, imageNames: ['shell:1'] },
    pageCacheDropped: options.pageCacheDropped ?? false,
  });
  const features: readonly Feature[] = [
    ...conditions(status),
    ...declaredFeatures(status, handler),
    probeHostDevice(),
    ...(await probeRpcs(cri)),
    ...vantage,
    probeHostPorts(status),
    ...probeKernel(local, configuration),
    ...(await probeRuntimeProcess(context.behind ?? cri.endpoint, runId, local)),
    // A pod was run to find out the vantage, so that a runtime which pulls its sandbox image when it needs it has it now.
    ...(await probeSandboxImage(cri, configuration['sandboxImage'])),
    {
      name: 'runtime-handler',
      present: handler !== '',
      detail: handler === '' ? 'the default handler, without a name' : `the handler ${handler} was named`,
    },
    {
      name: 'loopback-registry',
      present: options.images.loopback,
      detail: `images come from ${options.images.prefix}`,
    },
  ];
  return {
    context: { ...context, features },
    target: {
      name,
      spec: options.spec,
      hostId: options.hostId,
      endpoint: cri.endpoint,
      ...(cri.imageEndpoint === cri.endpoint ? {} : { imageEndpoint: cri.imageEndpoint }),
      handler,
      state: 'ready',
      disturbed: options.besideKubelet,
      runtimeName: cri.version.runtimeName,
      runtimeVersion: cri.version.runtimeVersion,
      apiVersion: cri.apiVersion,
      features: [...features],
      configuration: { ...configuration, ...factors, cgroupDriver: driver },
      binaries,
      limits: options.known?.limits ?? [],
    },
  };
}

/** RuntimeConfig, where there is one, is the runtime's own word on its cgroup driver (KEP-4033). */
async function statedDriver(cri: CriClient): Promise<TargetContext['cgroupDriver'] | undefined> {
  let answer = create(RuntimeConfigResponseSchema);
  try {
    answer = await cri.runtime.runtimeConfig({});
  } catch (error) {
    if (!(error instanceof CriError)) throw error;
  }
  if (answer.linux === undefined) return undefined;
  return answer.linux.cgroupDriver === CgroupDriver.SYSTEMD ? 'systemd' : 'cgroupfs';
}

async function foreignPods(cri: CriClient, signal: AbortSignal): Promise<boolean> {
  const { items } = await cri.runtime.listPodSandbox({}, { signal });
  return items.some((pod) => pod.labels[runLabel] === undefined);
}

/** The conditions that the kubelet looks at; further ones are the runtime's own and no sign of health. */
function conditions({ status }: StatusResponse): readonly Feature[] {
  return ['RuntimeReady', 'NetworkReady'].map((name) => {
    const condition = status?.conditions.find(({ type }) => type === name);
    const detail =
      condition === undefined
        ? 'Status does not have this condition'
        : [condition.reason, condition.message].filter(Boolean).join(': ');
    return {
      name: `condition:${name}`,
      present: condition?.status === true,
      detail: detail === '' ? 'as Status says' : detail,
    };
  });
}
