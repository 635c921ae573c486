import { connect } from '../cri/client.ts';
import type { CriClient } from '../cri/client.ts';
import { wellKnownEndpoints } from '../cri/endpoint.ts';
import { CriError } from '../cri/error.ts';
import { fixtureReference } from '../kit/fixture-images.ts';
import { findKubelet } from '../kit/kubelet.ts';
import { TargetError, UsageError } from '../model/error.ts';
import type { ExitReason } from '../model/result.ts';
import { listLabs } from '../lab/labs.ts';
import { parseTarget } from '../model/target.ts';
import { oneLine } from './printable.ts';
import type { Shell } from './shell.ts';
import { styleFor } from './style.ts';

/** One thing that was looked at. `bad`: no run can succeed; `doubt`: it can, but with something to know. */
interface Finding {
  readonly state: 'good' | 'doubt' | 'bad';
  readonly found: string;
  /** What to do about it. */
  readonly advice?: string;
}

interface Examination {
  readonly endpoint: string;
  readonly findings: readonly Finding[];
}

export interface DoctorRequest {
  readonly targets: readonly string[];
  readonly imagePrefix: string | undefined;
  readonly json: boolean;
}

/** Looks at sockets without creating anything in them, but for an image that is tried where a prefix is given. */
export async function examine({ targets, imagePrefix, json }: DoctorRequest, shell: Shell): Promise<ExitReason> {
  const endpoints = targets.length > 0 ? targets.map(endpointOf) : wellKnownEndpoints;
  const examined: Examination[] = [];
  for (const endpoint of endpoints) {
    examined.push({ endpoint, findings: await examineOne(endpoint, imagePrefix, shell.signal) });
  }
  const alive = (one: Examination): boolean => one.findings.every(({ state }) => state !== 'bad');
  if (json) shell.print(JSON.stringify(examined, null, 2));
  else for (const one of examined) tell(one, shell);
  // Without a name, one runtime that answers is all that anybody expects of a machine.
  const well = targets.length > 0 ? examined.every(alive) : examined.some(alive);
  return well ? 'expected' : 'target';
}

async function examineOne(
  endpoint: string,
  imagePrefix: string | undefined,
  signal: AbortSignal,
): Promise<readonly Finding[]> {
  let cri;
  try {
    cri = await connect(endpoint, { signal });
  } catch (error) {
    if (error instanceof TargetError) return [{ state: 'bad', found: error.message, advice: error.advice }];
    if (error instanceof CriError)
      return [{ state: 'bad', found: error.message, advice: "the runtime's log may say why" }];
    throw error;
  }
  try {
    const { runtimeName, runtimeVersion } = cri.version;
    return [
      { state: 'good', found: `${runtimeName} ${runtimeVersion} answers` },
      apiFinding(cri),
      kubeletFinding(endpoint),
      ...(await conditionFindings(cri, signal)),
      await pullFinding(cri, imagePrefix, signal),
    ];
  } finally {
    cri.close();
  }
}

function apiFinding({ apiVersion }: CriClient): Finding {
  if (apiVersion === 'v1') return { state: 'good', found: 'it speaks runtime.v1' };
  return {
    state: 'doubt',
    found: 'it speaks runtime.v1alpha2 only',
    advice: 'kubelets from 1.26 on refuse it: upgrade the runtime',
  };
}

function kubeletFinding(endpoint: string): Finding {
  const kubelet = findKubelet(endpoint);
  if (!kubelet) return { state: 'good', found: 'no kubelet serves it' };
  return {
    state: 'bad',
    found: `a kubelet (process ${String(kubelet.pid)}) serves it and stops pods that it does not know within seconds`,
    advice:
      'drain the node, then: systemctl stop kubelet; or give --with-kubelet, which marks every result as disturbed',
  };
}

async function conditionFindings(cri: CriClient, signal: AbortSignal): Promise<readonly Finding[]> {
  try {
    const { status } = await cri.runtime.status({}, { signal });
    return (status?.conditions ?? []).map(({ type, status: met, reason, message }): Finding => {
      if (met) return { state: 'good', found: `${type} is true` };
      const advice =
        type === 'NetworkReady'
          ? 'put a CNI configuration into /etc/cni/net.d and its plug-ins into /opt/cni/bin; pods of the host network work without'
          : "the runtime's log says more";
      return { state: 'doubt', found: `${type} is false: ${reason} ${message}`, advice };
    });
  } catch (error) {
    if (!(error instanceof CriError)) throw error;
    return [{ state: 'bad', found: error.message, advice: "the runtime's log may say why" }];
  }
}

async function pullFinding(cri: CriClient, prefix: string | undefined, signal: AbortSignal): Promise<Finding> {
  if (prefix === undefined) {
    return {
      state: 'doubt',
      found: 'whether it can pull our images was not tried',
      advice:
        'containerd pulls from our loopback registry as it is; for another runtime run crible images push REGISTRY/PREFIX, then doctor with --image-prefix REGISTRY/PREFIX',
    };
  }
  const image = { image: `${prefix}/${fixtureReference('shell')}` };
  try {
    const { image: before } = await cri.image.imageStatus({ image }, { signal });
    await cri.image.pullImage({ image }, { signal });
    if (before === undefined) await cri.image.removeImage({ image }, { signal });
    return { state: 'good', found: `it pulls ${image.image}` };
  } catch (error) {
    if (!(error instanceof CriError)) throw error;
    return {
      state: 'bad',
      found: `it cannot pull ${image.image}: ${error.details}`,
      advice: `crible images push ${prefix} puts it there; the runtime may need the registry in its configuration`,
    };
  }
}

function endpointOf(text: string): string {
  const spec = parseTarget(text);
  if (spec.kind === 'endpoint') return spec.endpoint;
  const lab = spec.kind === 'lab' ? listLabs().find(({ name }) => `lab:${name}` === spec.text)?.endpoint : undefined;
  if (lab !== undefined) return lab;
  throw new UsageError(
    `'${text}' is no socket that could be looked at`,
    'name an endpoint, or a lab that runs (crible lab status)',
  );
}

function tell({ endpoint, findings }: Examination, shell: Shell): void {
  const style = styleFor(shell.stdout);
  const marks = { good: style('green', 'ok'), doubt: style('yellow', '??'), bad: style('red', '!!') };
  shell.print(style('bold', endpoint));
  for (const { state, found, advice } of findings) {
    shell.print(`  ${marks[state]}  ${oneLine(found, 500)}`);
    if (advice !== undefined && advice !== '') shell.print(`      ${oneLine(advice, 500)}`);
  }
}
