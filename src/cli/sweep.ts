import { connect } from '../cri/client.ts';
import { sweepHost, sweepTarget } from '../kit/sweep.ts';
import type { Swept } from '../kit/sweep.ts';
import { listLabs, stopStaleLabs } from '../lab/labs.ts';
import { UsageError } from '../model/error.ts';
import { parseTarget } from '../model/target.ts';
import type { TargetSpec } from '../model/target.ts';
import { oneLine } from './printable.ts';
import type { Shell } from './shell.ts';

/**
 * Removes what dead runs left in a target, then the labs that were theirs, then what lies on this machine.
 * @throws UsageError on a target that no run can have left anything in; ConnectError when it does not answer
 */
export async function sweep(target: string | undefined, shell: Shell): Promise<void> {
  const swept: string[] = [];
  if (target !== undefined) {
    const cri = await connect(endpointOf(parseTarget(target)), { signal: shell.signal });
    try {
      tell(await sweepTarget(cri, shell.signal), shell);
      swept.push(cri.imageEndpoint);
    } finally {
      cri.close();
    }
  }
  const labs = await stopStaleLabs({ progress: shell.note, signal: shell.signal });
  tell({ removed: labs.map((name) => `lab ${name}`), left: [] }, shell);
  const host = sweepHost(swept);
  tell(host, shell);
  if (labs.length + host.removed.length === 0 && target === undefined)
    shell.print('dead runs left nothing on this machine');
}

function endpointOf(spec: TargetSpec): string {
  if (spec.kind === 'endpoint') return spec.endpoint;
  const lab =
    spec.kind === 'lab'
      ? listLabs().find(({ name }) => `lab:${name}` === spec.text.split('/')[0])?.endpoint
      : undefined;
  if (lab !== undefined) return lab;
  throw new UsageError(
    `nothing can have been left in '${spec.text}'`,
    'name an endpoint or a lab that runs (crible lab status)',
  );
}

function tell({ removed, left }: Swept, shell: Shell): void {
  for (const what of removed) shell.print(`removed ${oneLine(what)}`);
  for (const what of left) shell.print(`left ${oneLine(what)}`);
}
