import { isDeepStrictEqual } from 'node:util';
import type { CaseContext } from '../../src/kit/case.ts';
import type { ContainerDeviation } from '../../src/kit/container-config.ts';
import type { PodSandbox } from '../../src/kit/given.ts';
import { joinRecords } from '../../src/kit/log-file.ts';
import { logRecords } from './logged.ts';

/** Who a process is, in the kernel's numbers. */
interface Identity {
  readonly uid: number;
  readonly gid: number;
  /** In ascending order, the gid among them: whether a runtime puts it into the list as well makes no difference. */
  readonly groups: readonly number[];
}

/** A command that tells its identity. */
export const tellIdentity = ['sh', '-c', 'id -u; id -g; id -G'];

/** How long what a container printed may take to its log on a busy machine. */
const flushMs = 5_000;

/** Reads what the command printed; undefined unless all of it is there. */
export function identityIn(text: string): Identity | undefined {
  const [, uid, gid, groups = ''] = /^(\d+)\n(\d+)\n([\d ]*)\n$/.exec(text) ?? [];
  if (uid === undefined || gid === undefined) return undefined;
  const numbers = groups.split(' ').filter((group) => group !== '');
  const all = new Set([Number(gid), ...numbers.map(Number)]);
  return { uid: Number(uid), gid: Number(gid), groups: [...all].sort((a, b) => a - b) };
}

/**
 * Runs a container that tells who it is, and expects it to be this one; what is not given is not looked at.
 * @param image NAME:TAG of a fixture image
 */
export async function expectIdentity(
  { given, expect }: Pick<CaseContext, 'given' | 'expect'>,
  pod: PodSandbox,
  key: string,
  expected: Partial<Identity>,
  deviation: ContainerDeviation,
  message: string,
  image = 'shell:1',
): Promise<void> {
  const pulled = await given.image(image);
  const container = await given.startedContainer(pod, { ...deviation, command: tellIdentity }, pulled);
  await expect.eventually(
    key,
    () => Promise.resolve(identityIn(joinRecords(logRecords(container), 'stdout').toString())),
    (told) => told !== undefined && isDeepStrictEqual({ ...told, ...expected }, told),
    message,
    { expected, withinMs: flushMs },
  );
}
