import { labName } from '../lab/lab-name.ts';
import type { LabSpec } from '../lab/lab-name.ts';
import { listLabs, stopLab, stopStaleLabs } from '../lab/labs.ts';
import type { LabStatus } from '../lab/labs.ts';
import { startLab } from '../lab/start-lab.ts';
import { UsageError } from '../model/error.ts';
import { parseTarget } from '../model/target.ts';
import type { Shell } from './shell.ts';

/** Starts labs that stay until they are stopped, and prints their endpoints. */
export async function startLabs(names: readonly string[], shell: Shell): Promise<void> {
  if (names.length === 0)
    throw new UsageError('which lab is to be started?', 'for example crible lab start containerd');
  for (const spec of names.map(labSpec)) {
    const { endpoint } = await startLab(spec, { owner: 'user', progress: shell.note, signal: shell.signal });
    shell.print(endpoint);
  }
}

/** Stops labs by name; without any, those that dead runs left, for labs of the user's are not to go by mistake. */
export async function stopLabs(names: readonly string[], shell: Shell): Promise<void> {
  const options = { progress: shell.note, signal: shell.signal };
  if (names.length > 0) {
    for (const name of names) await stopLab(name.replace(/^lab:/, ''), options);
    return;
  }
  const stopped = await stopStaleLabs(options);
  shell.print(stopped.length > 0 ? `stopped ${stopped.join(', ')}` : 'no lab was left by a dead run');
  const [running] = listLabs().filter(({ owner, state }) => owner?.kind === 'user' && state === 'running');
  if (running)
    shell.note(`labs that you started still run; stop them by name, for example: crible lab stop ${running.name}`);
}

export function showLabs(names: readonly string[], json: boolean, shell: Shell): void {
  const labs = listLabs().filter(({ name }) => names.length === 0 || names.includes(name));
  if (json) {
    shell.print(JSON.stringify(labs, null, 2));
    return;
  }
  if (labs.length === 0) shell.print('no labs');
  for (const lab of labs) shell.print(statusLine(lab));
}

function statusLine({ name, state, owner, since, endpoint, lab }: LabStatus): string {
  const whose = owner === undefined ? 'owner unknown' : owner.kind === 'user' ? 'yours' : `of run ${owner.runId}`;
  const parts = [
    `${name}: ${state}`,
    whose,
    ...(since === undefined ? [] : [`since ${since}`]),
    ...(endpoint === undefined ? [] : [endpoint]),
    ...(lab
      ? [`${lab.runtime} ${lab.version}`, `handlers ${lab.handlers.join(', ')}`, `images at ${lab.imagePrefix}`]
      : []),
  ];
  return parts.join(', ');
}

/** A lab as `lab start` names it: what follows `lab:` in a target, without a handler. */
function labSpec(name: string): LabSpec {
  const spec = parseTarget(name.startsWith('lab:') ? name : `lab:${name}`);
  if (spec.kind !== 'lab' || spec.handler !== undefined) {
    throw new UsageError(`'${name}' is not a lab`, 'a lab is RUNTIME[+N][@VERSION]; all its handlers come with it');
  }
  labName(spec);
  return spec;
}
