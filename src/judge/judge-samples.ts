import type { CaseDeclaration } from '../model/case.ts';
import type { RunEvent } from '../model/event.ts';
import type { Expectation } from '../model/expectation.ts';
import type { Outcome } from '../model/outcome.ts';
import type { Target } from '../model/target.ts';

/** Small, complete values of the model that the judge's tests vary. */

export function aTarget(name: string, change: Partial<Target> = {}): Target {
  return {
    name,
    spec: name,
    hostId: 'host',
    endpoint: `unix:///run/${name}.sock`,
    handler: '',
    state: 'ready',
    disturbed: false,
    runtimeName: 'containerd',
    runtimeVersion: '1.6.20~ds1',
    apiVersion: 'v1',
    features: [],
    configuration: {},
    binaries: [],
    limits: [],
    ...change,
  };
}

export function aCase(id: string): CaseDeclaration {
  return {
    id,
    revision: 1,
    title: 'answers',
    level: 'required',
    rpcs: ['Version'],
    basis: [{ kind: 'proto', text: 'it answers' }],
    needs: [],
    locks: [],
    images: [],
    timeoutMs: 1000,
  };
}

export const passed: Outcome = { status: 'passed' };

export function failedAt(key: string): Outcome {
  return { status: 'failed', key, message: 'no', expected: 1, actual: 2, evidence: [], transcript: [] };
}

const errored: Outcome = { status: 'errored', phase: 'setup', message: 'no image', transcript: [] };

/** Every kind of outcome, `failed` at the key `one`. */
export const everyOutcome: readonly Outcome[] = [
  passed,
  failedAt('one'),
  errored,
  { status: 'timed-out', timeoutMs: 1000, message: 'too slow', transcript: [] },
  { status: 'skipped', missing: ['checkpoint'], reason: 'lacks checkpoint' },
  { status: 'not-run', reason: 'interrupted' },
  { status: 'runtime-died', message: 'gone', transcript: [] },
];

export function mustFail(cases: readonly string[], change: Partial<Expectation> = {}): Expectation {
  return {
    cases: [...cases],
    runtime: 'containerd',
    versions: '*',
    reason: 'known',
    evidence: 'seen',
    ...change,
    expect: 'must-fail',
  };
}

export function mayFail(cases: readonly string[], expires = '99', change: Partial<Expectation> = {}): Expectation {
  return { ...mustFail(cases, change), expect: 'may-fail', seen: { failed: 1, runs: 10 }, expires };
}

export const runStarted: RunEvent = {
  type: 'run-started',
  tool: { name: 'crible', version: '0.1.0' },
  run: {
    id: '20261123-121314-ab12',
    command: ['crible', 'evaluate'],
    startedAt: '2026-11-23T12:13:14Z',
    finishedAt: null,
    seed: 1,
    profile: 'quick',
    purpose: 'all',
    complete: false,
  },
  host: {
    id: 'host',
    hostname: 'node',
    os: 'Debian 12',
    kernel: '6.1',
    cpuModel: 'cpu',
    cpuCount: 2,
    memoryBytes: 1,
    cgroupLayout: 'v2',
    loadAverage: [0, 0, 0],
    node: '20',
  },
};

export function runFinished(complete = true, reason?: string): RunEvent {
  return {
    type: 'run-finished',
    finishedAt: '2026-11-23T12:14:14Z',
    complete,
    ...(reason === undefined ? {} : { reason }),
  };
}

export function planned(targets: readonly string[], cases: readonly string[]): RunEvent {
  return {
    type: 'planned',
    targets: [...targets],
    cases: cases.map(aCase),
    observationKeys: [],
    workloads: [],
    rounds: 0,
  };
}

export function probed(target: Target): RunEvent {
  return { type: 'target-probed', target };
}

export function finished(target: string, caseId: string, outcome: Outcome = passed): RunEvent {
  return { type: 'case-finished', target, caseId, outcome, durationNs: 5, asked: [] };
}
