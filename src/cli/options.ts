import type { Argv, Options } from 'yargs';
import { parsePurpose } from '../model/purpose.ts';
import { readPercent, readRates } from './bench-value.ts';
import { parseDurationMs } from './duration.ts';
import { once, readWholeNumber, text, wholeNumber } from './option-value.ts';

/** Where a run writes, whatever it runs. */
export const runOptions = {
  out: {
    type: 'string',
    requiresArg: true,
    describe:
      'folder of the result and its reports; reports/out/<run id> unless given, reports/out/latest points to it',
    coerce: text('out'),
  },
  config: {
    type: 'string',
    requiresArg: true,
    describe: 'YAML file of options, by their names without --, and targets; what is on the command line wins',
    coerce: text('config'),
  },
  profile: {
    choices: ['quick', 'standard', 'full'],
    default: 'standard',
    requiresArg: true,
    describe: 'effort: rounds and samples of benchmarks; never what is asked',
  },
  purpose: {
    type: 'string',
    requiresArg: true,
    default: 'all',
    describe:
      'which promises matter where no case is named: all, kubelet (what it relies on), or kubernetes-1.MINOR (what such a node needs, with a verdict on its readiness)',
    coerce: once('purpose', (purpose) => {
      parsePurpose(purpose);
      return purpose;
    }),
  },
  'kubelet-config': {
    type: 'string',
    requiresArg: true,
    describe:
      'file with the KubeletConfiguration of the node, which readiness for kubernetes-1.MINOR compares with the runtime',
    coerce: text('kubelet-config'),
  },
  expectations: {
    type: 'string',
    requiresArg: true,
    describe: 'YAML file of known deviations, instead of those that come with crible',
    coerce: text('expectations'),
  },
  'image-prefix': {
    type: 'string',
    requiresArg: true,
    describe:
      'registry and path of the fixture images (crible images push) for endpoint targets, instead of the loopback registry',
    coerce: text('image-prefix'),
  },
  'image-endpoint': {
    type: 'string',
    requiresArg: true,
    describe: "endpoint of ImageService for endpoint targets, where it is not the target's own",
    coerce: text('image-endpoint'),
  },
  'call-timeout': {
    type: 'string',
    requiresArg: true,
    describe: "time of one RPC, for example 30s; the kubelet's own table unless given",
    coerce: once('call-timeout', parseDurationMs),
  },
  budget: {
    type: 'string',
    requiresArg: true,
    describe: 'start no work after this time and finish the report, for example 10m',
    coerce: once('budget', parseDurationMs),
  },
  seed: {
    type: 'string',
    requiresArg: true,
    describe: 'of everything random: the order of rounds; chosen and recorded unless given',
    coerce: wholeNumber('seed', 0),
  },
  yes: {
    type: 'boolean',
    default: false,
    describe: 'use a host socket without asking; without a terminal, naming the socket is consent enough',
  },
  'with-kubelet': {
    type: 'boolean',
    default: false,
    describe: 'go on beside a kubelet, which stops pods that it does not know; every result is marked as disturbed',
  },
  'or-simulator': {
    type: 'boolean',
    default: false,
    describe: 'where this machine cannot run a lab (no root, not Linux, no programs), use the simulator and say so',
  },
  quiet: { type: 'boolean', default: false, describe: 'no progress, only problems and the summary' },
  json: { type: 'boolean', default: false, describe: 'print the summary as JSON' },
} as const satisfies Record<string, Options>;

export const caseOptions = {
  select: {
    type: 'string',
    array: true,
    requiresArg: true,
    default: [],
    describe: "only these cases, for example 'pod-sandbox/**'",
  },
  skip: { type: 'string', array: true, requiresArg: true, default: [], describe: 'all but these cases' },
  level: {
    choices: ['required', 'specified', 'optional'],
    default: 'optional',
    requiresArg: true,
    describe: 'how binding a promise must be; each level includes those before it',
  },
  'only-failed': {
    type: 'string',
    requiresArg: true,
    describe: 'only the cases whose verdict was unexpected in this result.json',
    coerce: text('only-failed'),
  },
  retries: {
    type: 'string',
    requiresArg: true,
    describe: 'how often a case that did not pass is asked again; one that passes then is flaky, never passed',
    coerce: wholeNumber('retries', 0),
  },
  shards: {
    type: 'string',
    requiresArg: true,
    describe: 'worker processes a target; chosen by the number of CPUs unless given',
    coerce: wholeNumber('shards', 1),
  },
} as const satisfies Record<string, Options>;

export function targetsPositional(parser: Argv): Argv<{ targets: readonly string[] }> {
  return parser.positional('targets', {
    type: 'string',
    array: true,
    default: [],
    describe: 'lab:containerd/crun, unix:///run/containerd/containerd.sock#runc, sim: … each may be named: NAME=TARGET',
  });
}

export const benchOptions = {
  workload: {
    type: 'string',
    array: true,
    requiresArg: true,
    default: [],
    describe: 'only these workloads, for example pod-lifecycle',
  },
  rounds: {
    type: 'string',
    requiresArg: true,
    describe: 'rounds that count; by the profile unless given',
    coerce: wholeNumber('rounds', 1),
  },
  concurrency: {
    type: 'string',
    requiresArg: true,
    describe: 'how many iterations in flight, for example 1,4,16; by the profile unless given',
    coerce: once('concurrency', (list) => list.split(',').map((one) => readWholeNumber(one.trim(), 1))),
  },
  rate: {
    type: 'string',
    requiresArg: true,
    describe:
      'iterations a second, begun whether or not earlier ones have ended, for example 5,20; latency counts from the intended start',
    coerce: once('rate', readRates),
  },
  arrival: {
    choices: ['constant', 'poisson', 'stepped'],
    requiresArg: true,
    describe: 'how the starts of a rate are spread: evenly (the default), at random, or in four steps up to the rate',
  },
  'target-precision': {
    type: 'string',
    requiresArg: true,
    describe:
      'add rounds until the interval of every ratio is at most so wide to either side, for example 5%, or --budget ends',
    coerce: once('target-precision', readPercent),
  },
  control: {
    type: 'string',
    requiresArg: true,
    describe: 'a target measured along in every round, the same every night, through which nights are compared',
    coerce: text('control'),
  },
  aa: {
    type: 'boolean',
    default: false,
    describe:
      'measure one lab target against itself: once more on the same daemon, and on a second one; what differs is noise',
  },
  disruptive: {
    type: 'boolean',
    default: false,
    describe: 'measure what may disturb other pods (churn, density, memory pressure) on host sockets, too',
  },
  'drop-caches': {
    type: 'boolean',
    default: false,
    describe: "drop the machine's page cache before each visit, so that images are read from disk; lab: targets only",
  },
} as const satisfies Record<string, Options>;
