import type { CriClient } from '../cri/client.ts';
import { CriError } from '../cri/error.ts';
import { Signal } from '../cri/messages.ts';

/** What the container of the probe is asked to be stopped by; nothing is, unless its config says so. */
export const probedStopSignal = Signal.SIGUSR1;

/**
 * Whether a container's config can name its stop signal (ContainerConfig.stop_signal, which runtimes before Kubernetes 1.33
 * do not know and pass over). One that knows it tells it in ContainerStatus.
 * @returns why it cannot, undefined when it can
 */
export async function stopSignalMissing(cri: CriClient, containerId: string): Promise<string | undefined> {
  try {
    const { status } = await cri.runtime.containerStatus({ containerId });
    return status?.stopSignal === probedStopSignal ? undefined : 'its status did not name its stop signal';
  } catch (error) {
    if (!(error instanceof CriError)) throw error;
    return error.message;
  }
}
