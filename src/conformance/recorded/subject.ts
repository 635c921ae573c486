import { z } from 'zod';
import type { ExecRequest, Message } from '../../cri/messages.ts';

const filterSchema = z.object({
  id: z.string().default(''),
  podSandboxId: z.string().default(''),
  labelSelector: z.record(z.string(), z.string()).default({}),
  state: z.unknown().optional(),
});

/** The fields by which requests say what they are about, whatever their RPC. */
const subjectSchema = z.object({
  containerId: z.string().default(''),
  podSandboxId: z.string().default(''),
  verbose: z.boolean().default(false),
  image: z.object({ image: z.string() }).optional(),
  filter: filterSchema.optional(),
});
export type Subject = z.infer<typeof subjectSchema>;

export function subjectOf(request: Message): Subject {
  return subjectSchema.parse(request);
}

/** The pod sandbox or container that a request names; empty when it names none. */
export function namedId({ containerId, podSandboxId, filter }: Subject): string {
  return [containerId, filter?.id ?? '', podSandboxId].find((id) => id !== '') ?? '';
}

/** Which fields of a filter are set. */
export function shapeOf({ id, podSandboxId, labelSelector, state }: z.infer<typeof filterSchema>): string {
  const set = {
    id: id !== '',
    podSandboxId: podSandboxId !== '',
    labelSelector: Object.keys(labelSelector).length > 0,
    state: state !== undefined,
  };
  return Object.entries(set)
    .flatMap(([field, isSet]) => (isSet ? [field] : []))
    .join('+');
}

/** Of image names only so much counts as whether the registry has them. */
export function imageKind(name: string): 'malformed' | 'absent tag' | 'absent image' | 'image' {
  if (!/^[\w.:/@-]+$/.test(name)) return 'malformed';
  if (name.endsWith(':absent')) return 'absent tag';
  return /\/(?:none|absent|[\w-]*no-such-image):/.test(name) ? 'absent image' : 'image';
}

/** A command that does not exist is as good as any other. */
export function commandText(cmd: readonly string[]): string {
  return cmd[0]?.includes('/no/such') ? 'no such command' : cmd.join(' ');
}

/** The streams that an Exec asks for. */
export function streamsText({ stdin, stdout, stderr, tty }: ExecRequest): string {
  return Object.entries({ stdin, stdout, stderr, tty })
    .flatMap(([stream, asked]) => (asked ? [stream] : []))
    .join('+');
}
