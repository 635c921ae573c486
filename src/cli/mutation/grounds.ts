import { connect } from '../../cri/client.ts';
import { probeTarget } from '../../kit/probe.ts';
import type { TargetContext } from '../../kit/target-context.ts';
import type { Ground } from '../../model/mutation.ts';
import { parseTarget } from '../../model/target.ts';
import type { Target } from '../../model/target.ts';
import { thisHost } from '../run/host.ts';
import { requireNoKubelet } from '../run/open-targets.ts';
import type { Opened, Provisions } from '../run/provisions.ts';

/** What faults are put before, found out with no fault on: a proxy that breaks promises must not decide what is asked. */
export interface OpenGround {
  readonly on: Ground;
  readonly opened: Opened;
  readonly context: TargetContext;
  readonly target: Target;
}

/**
 * Opens the runtime and a simulator.
 * @throws UsageError when a kubelet serves the runtime; TargetError or CriError when it does not answer
 */
export async function openGrounds(
  runtime: string,
  runId: string,
  provisions: Provisions,
  signal: AbortSignal,
): Promise<readonly OpenGround[]> {
  const texts: readonly (readonly [Ground, string])[] = [
    ['runtime', runtime],
    ['simulator', 'sim:'],
  ];
  const grounds: OpenGround[] = [];
  for (const [on, text] of texts) {
    const opened = await provisions.open(parseTarget(text));
    requireNoKubelet(opened, false);
    const { endpoint, imageEndpoint, name, spec, handler, images, known } = opened;
    const cri = await connect(endpoint, { imageEndpoint, signal });
    try {
      const probed = await probeTarget(cri, {
        ...{ runId, name, spec, handler, images, known, signal },
        ...{ hostId: thisHost().id, besideKubelet: false },
      });
      grounds.push({ on, opened, ...probed });
    } finally {
      cri.close();
    }
  }
  return grounds;
}
