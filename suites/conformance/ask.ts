import type { Code } from '../../src/cri/code.ts';
import { CriError } from '../../src/cri/error.ts';
import { ContainerState, ContainerStatusSchema, create, PodSandboxState } from '../../src/cri/messages.ts';
import type {
  Container,
  ContainerStatus,
  MessageInitShape,
  ContainerFilterSchema,
  PodSandbox,
  PodSandboxFilterSchema,
  PodSandboxStatus,
} from '../../src/cri/messages.ts';
import type { CaseContext } from '../../src/kit/case.ts';

/*
 * Looks at the runtime's state that many cases take, each an expectation of its own: a runtime that does not answer has
 * broken the promise of the RPC that was asked, whatever the case is about.
 */

type Asking = Pick<CaseContext, 'cri' | 'expect'>;

/** No runtime has a pod sandbox, container or image of this id. */
export const nobody = 'f'.repeat(64);

/** In ns since the epoch: the year 2017. What is smaller is not in ns. */
export const earliestNs = 1_500_000_000_000_000_000n;

/** How long a container of ours may take to end by itself; its command takes a fraction of a second. */
const exitMs = 30_000;

/** @param key the expectation's, unique in its case; `KEY-set` asks for the message itself */
export async function podSandboxStatus(
  { cri, expect }: Asking,
  podSandboxId: string,
  key = 'status',
): Promise<PodSandboxStatus> {
  const { status } = await expect.succeeds(
    key,
    cri.runtime.podSandboxStatus({ podSandboxId }),
    'PodSandboxStatus of a sandbox that exists',
  );
  return expect.present(`${key}-set`, status, 'PodSandboxStatusResponse.status');
}

/** @param key the expectation's, unique in its case; `KEY-set` asks for the message itself */
export async function containerStatus(
  { cri, expect }: Asking,
  containerId: string,
  key = 'status',
): Promise<ContainerStatus> {
  const { status } = await expect.succeeds(
    key,
    cri.runtime.containerStatus({ containerId }),
    'ContainerStatus of a container that exists',
  );
  return expect.present(`${key}-set`, status, 'ContainerStatusResponse.status');
}

export async function listPodSandboxes(
  { cri, expect }: Asking,
  filter: MessageInitShape<typeof PodSandboxFilterSchema>,
  key = 'list',
): Promise<readonly PodSandbox[]> {
  const { items } = await expect.succeeds(key, cri.runtime.listPodSandbox({ filter }), 'ListPodSandbox');
  return items;
}

export async function listContainers(
  { cri, expect }: Asking,
  filter: MessageInitShape<typeof ContainerFilterSchema>,
  key = 'list',
): Promise<readonly Container[]> {
  const { containers } = await expect.succeeds(key, cri.runtime.listContainers({ filter }), 'ListContainers');
  return containers;
}

/** Ids in an order that two lists can be compared by. */
export function idsOf(items: readonly { readonly id: string }[]): readonly string[] {
  return items.map(({ id }) => id).sort();
}

/** The status of a container that ends by itself, once it has ended. */
export async function exitStatus({ cri, expect }: Asking, containerId: string): Promise<ContainerStatus> {
  return expect.eventually(
    'exits',
    async () => {
      const { status } = await cri.runtime.containerStatus({ containerId });
      return status ?? create(ContainerStatusSchema);
    },
    ({ state }) => state === ContainerState.CONTAINER_EXITED,
    'the container whose command has ended is CONTAINER_EXITED',
    { expected: 'CONTAINER_EXITED', withinMs: exitMs, actual: containerState },
  );
}

/** A command in a running container, its output as text. */
export async function execSync(
  { cri, expect }: Asking,
  containerId: string,
  cmd: string[],
  key = 'exec',
): Promise<{ readonly stdout: string; readonly stderr: string; readonly exitCode: number }> {
  const { stdout, stderr, exitCode } = await expect.succeeds(
    key,
    cri.runtime.execSync({ containerId, cmd, timeout: 10n }),
    'ExecSync in a running container',
  );
  return { stdout: Buffer.from(stdout).toString(), stderr: Buffer.from(stderr).toString(), exitCode };
}

/** What a call answers, or the code that it is refused with, where the promise allows for both; one without any answer is an error. */
export async function answerOrRefusal<T>(
  call: Promise<T>,
): Promise<{ readonly answer: T } | { readonly refusedWith: Code }> {
  try {
    return { answer: await call };
  } catch (error) {
    if (error instanceof CriError && error.code !== 'Unavailable') return { refusedWith: error.code };
    throw error;
  }
}

/** The same for an observation: `OK` or the code's name. */
export async function codeOfCall(call: Promise<unknown>): Promise<Code> {
  const outcome = await answerOrRefusal(call);
  return 'answer' in outcome ? 'OK' : outcome.refusedWith;
}

/** The state's name as the proto spells it. */
export function podSandboxState({ state }: Pick<PodSandboxStatus, 'state'>): string {
  return PodSandboxState[state];
}

/** The state's name as the proto spells it. */
export function containerState({ state }: Pick<ContainerStatus, 'state'>): string {
  return ContainerState[state];
}

/** What was sent, as far as the answer has it: runtimes may add entries, but not lose or change ours. */
export function ours(
  sent: Readonly<Record<string, string>>,
  answered: Readonly<Record<string, string>>,
): Record<string, string | undefined> {
  return Object.fromEntries(Object.keys(sent).map((key) => [key, answered[key]]));
}

/** Entries of an `info` map whose value is no JSON, which the proto wants it to be. */
export function notJson(info: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(info).filter(([, value]) => !isJson(value)));
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
