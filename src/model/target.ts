import { z } from 'zod';
import { UsageError } from './error.ts';

/** Where a target comes from; the text forms are those of the command line: `[NAME=]ENDPOINT[#HANDLER]`, `[NAME=]lab:…`, `sim:`, `fault:…@TARGET`. */
export type TargetSpec = { readonly name: string; readonly text: string } & (
  | { readonly kind: 'endpoint'; readonly endpoint: string; readonly handler?: string }
  | {
      readonly kind: 'lab';
      readonly runtime: string;
      readonly instance?: string;
      readonly version?: string;
      readonly handler?: string;
    }
  | { readonly kind: 'simulator' }
  | { readonly kind: 'fault'; readonly fault: string; readonly args: readonly string[]; readonly behind: TargetSpec }
);

const labPattern =
  /^lab:(?<runtime>[a-z][a-z0-9-]*)(?:\+(?<instance>\d+))?(?:@(?<version>[0-9][\w.]*))?(?:\/(?<handler>[\w.-]+))?$/;
const faultPattern = /^fault:(?<fault>[a-z][a-z0-9-]*)(?:\((?<args>[^()]*)\))?@(?<behind>.+)$/;
const forms =
  'a target is [NAME=]unix:///path/to.sock[#HANDLER], tcp://HOST:PORT, lab:RUNTIME[+N][@VERSION][/HANDLER], sim: or fault:NAME[(ARG,...)]@TARGET';

/**
 * Reads one TARGET of the command line.
 * @throws UsageError naming the accepted forms.
 */
export function parseTarget(argument: string): TargetSpec {
  const named = /^(?<name>[A-Za-z0-9][\w.-]*)=(?<rest>.+)$/.exec(argument);
  const text = named?.groups?.['rest'] ?? argument;
  const name = named?.groups?.['name'] ?? text;

  const fault = faultPattern.exec(text)?.groups;
  if (fault) {
    const args = fault['args'] === undefined ? [] : fault['args'].split(',').map((arg) => arg.trim());
    return { name, text, kind: 'fault', fault: fault['fault'] ?? '', args, behind: parseTarget(fault['behind'] ?? '') };
  }
  if (text === 'sim:') return { name: named ? name : 'sim', text, kind: 'simulator' };
  const lab = labPattern.exec(text)?.groups;
  if (lab) {
    return { name, text, kind: 'lab', runtime: lab['runtime'] ?? '', ...pick(lab, 'instance', 'version', 'handler') };
  }
  const endpoint = /^(?<endpoint>(?:unix:\/\/\/|unix:\/(?!\/)|\/|tcp:\/\/)[^#]+)(?:#(?<handler>[\w.-]+))?$/.exec(
    text,
  )?.groups;
  if (endpoint) {
    const given = endpoint['endpoint'] ?? '';
    const normal = given.startsWith('tcp:') ? given : `unix://${given.replace(/^unix:(\/\/)?/, '')}`;
    return { name, text, kind: 'endpoint', endpoint: normal, ...pick(endpoint, 'handler') };
  }
  throw new UsageError(`'${argument}' is not a target`, forms);
}

/**
 * Reads all TARGETs of a command and makes sure that each has a name of its own.
 * @throws UsageError on a malformed target or a name given twice.
 */
export function parseTargets(arguments_: readonly string[]): readonly TargetSpec[] {
  const specs = arguments_.map(parseTarget);
  const seen = new Set<string>();
  for (const { name } of specs) {
    if (seen.has(name)) {
      throw new UsageError(`two targets are called '${name}'`, `name them apart: first=${name} second=${name}`);
    }
    seen.add(name);
  }
  return specs;
}

function pick<K extends string>(
  groups: Partial<Record<string, string>>,
  ...keys: readonly K[]
): Partial<Record<K, string>> {
  return Object.fromEntries(keys.flatMap((key) => (groups[key] === undefined ? [] : [[key, groups[key]]]))) as Partial<
    Record<K, string>
  >;
}

/** One thing that a target, or our place beside it, offers or lacks; probed once at the start, never guessed from a version. */
export const featureSchema = z.object({
  name: z.string().describe('for example host-files, rpc:GetContainerEvents, handler:crun'),
  present: z.boolean(),
  detail: z.string().describe('how it was found out'),
});
export type Feature = z.infer<typeof featureSchema>;

/** A program that takes part on a target's side, with where it came from. */
export const binarySchema = z.object({ name: z.string(), path: z.string(), version: z.string(), from: z.string() });
export type Binary = z.infer<typeof binarySchema>;

/** The CRI server under test, as it presented itself at the start of the run. */
export const targetSchema = z.object({
  name: z.string(),
  spec: z.string().describe('the target as given on the command line'),
  hostId: z.string(),
  endpoint: z.string(),
  imageEndpoint: z.string().optional(),
  handler: z.string().describe('runtime handler given to RunPodSandbox; empty means the default one'),
  state: z.enum(['ready', 'unreachable', 'died']),
  problem: z.string().optional().describe('why the state is not ready'),
  disturbed: z.boolean().describe('a kubelet or another client was at work on the same runtime'),
  runtimeName: z.string(),
  runtimeVersion: z.string(),
  apiVersion: z.string().describe('v1 or v1alpha2: the CRI service that answered'),
  features: z.array(featureSchema),
  configuration: z
    .record(z.string(), z.string())
    .describe('what decides comparability: snapshotter, cgroup driver, CNI, …'),
  binaries: z.array(binarySchema),
  limits: z.array(z.string()).describe('what this target cannot show for reasons of the lab or the host, in sentences'),
});
export type Target = z.infer<typeof targetSchema>;

/** The machine that a target runs on: without it two results are not comparable. */
export const hostSchema = z.object({
  id: z.string(),
  hostname: z.string(),
  os: z.string(),
  kernel: z.string(),
  cpuModel: z.string(),
  cpuCount: z.number().int(),
  memoryBytes: z.number().int(),
  cgroupLayout: z.enum(['v1', 'hybrid', 'v2', 'none']),
  cpuGovernor: z.string().optional(),
  loadAverage: z.array(z.number()).describe('1, 5 and 15 minutes, at the start of the run'),
  node: z.string().describe('version of Node.js that crible ran on'),
});
export type Host = z.infer<typeof hostSchema>;
