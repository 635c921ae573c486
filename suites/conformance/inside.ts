import { readlinkSync } from 'node:fs';
import type { NamespaceOption } from '../../src/cri/messages.ts';
import type { CaseContext } from '../../src/kit/case.ts';
import { SetupError } from '../../src/kit/setup.ts';
import { runtimeProcess } from '../../src/kit/runtime-process.ts';
import { execSync } from './ask.ts';

/* What the processes of a container find around them. */

type Asking = Pick<CaseContext, 'cri' | 'expect'>;

/** The kinds of namespaces(7), by their names in /proc/PID/ns. */
export type NamespaceKind = 'cgroup' | 'ipc' | 'net' | 'pid' | 'uts';

/** Other modes of the namespaces of a pod than the kubelet's usual ones; its containers repeat them. */
export function withNamespaces(modes: Partial<Pick<NamespaceOption, 'network' | 'pid' | 'ipc'>>) {
  return { linux: { securityContext: { namespaceOptions: modes } } };
}

/** The identity of a namespace of a container, as the kernel writes it: `net:[4026531840]`. @param key the expectation's */
export async function namespaceOf(
  context: Asking,
  containerId: string,
  kind: NamespaceKind,
  key: string,
): Promise<string> {
  const { stdout } = await execSync(context, containerId, ['readlink', `/proc/self/ns/${kind}`], key);
  return stdout.trim();
}

/** The same of the node, which is where the runtime itself lives. Takes the feature runtime-process. */
export function nodeNamespace({ target }: Pick<CaseContext, 'target'>, kind: NamespaceKind): string {
  const owner = runtimeProcess(target);
  if (!owner.ok) throw new SetupError('find the process of the runtime', owner.problem);
  return readlinkSync(`/proc/${String(owner.pid)}/ns/${kind}`);
}

/** The processes that a container sees, by their numbers there, each with its arguments joined by spaces. */
export async function processesSeen(
  context: Asking,
  containerId: string,
  key: string,
): Promise<ReadonlyMap<number, string>> {
  const script = "for process in /proc/[0-9]*; do echo ${process#/proc/} $(tr '\\000' ' ' < $process/cmdline); done";
  const { stdout } = await execSync(context, containerId, ['sh', '-c', script], key);
  const lines = stdout.split('\n').flatMap((line): readonly [number, string][] => {
    const [, number, command = ''] = /^(\d+) ?(.*)$/.exec(line) ?? [];
    return number === undefined ? [] : [[Number(number), command.trim()]];
  });
  return new Map(lines);
}

/** A line of /proc/PID/status or /proc/PID/limits, by what it begins with; its fields are parted by blanks. */
export function fieldsOf(text: string, name: string): readonly string[] {
  const line = text.split('\n').find((one) => one.startsWith(name)) ?? '';
  return line
    .slice(name.length)
    .replace(/^:/, '')
    .split(/\s+/)
    .filter((field) => field !== '');
}
