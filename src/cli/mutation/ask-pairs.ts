import { runConformance } from '../../conformance/run.ts';
import type { Fault } from '../../faults/fault.ts';
import { spawnProxies } from '../../faults/spawn-proxies.ts';
import { judgePair, type AskedPair, type AskedPlain } from '../../judge/mutation.ts';
import type { Case } from '../../kit/case.ts';
import type { TargetContext } from '../../kit/target-context.ts';
import type { RunEvent } from '../../model/event.ts';
import type { Ground, Mutation } from '../../model/mutation.ts';
import type { OpenGround } from './grounds.ts';
import type { Pair } from './pairs.ts';

export interface AskOptions {
  readonly grounds: readonly OpenGround[];
  readonly pairs: readonly Pair[];
  /** The cases to ask with no fault on: those of the pairs, or all. */
  readonly cases: readonly Case[];
  /** Faults to put before every case, beside the pairs. */
  readonly everywhere: readonly Fault[];
  readonly signal: AbortSignal;
  readonly tell: (line: string) => void;
}

export interface Answers {
  readonly pairs: readonly AskedPair[];
  readonly plain: readonly AskedPlain[];
  /** Cases of a pair that did not pass with no fault on, so that a failure behind a fault would prove nothing. */
  readonly unsound: Mutation['baseline'];
  /** By fault: of the cases that ran behind it, how many failed. */
  readonly collateral: ReadonlyMap<string, NonNullable<Mutation['faults'][number]['collateral']>>;
}

/** Cases mostly wait for the runtime, and the proxies' and the simulator's share is small. */
const workers = 6;
/** A call that a fault leaves hanging must not hold up the matrix for the kubelet's 2 minutes. */
const callTimeoutMs = 20_000;
/** Nor one that keeps a promise from ever being kept; a tenth of the usual time is still long for a runtime that keeps it. */
const patience = 0.1;
const noFault = 'none';

/** Asks every case that is needed, behind its faults and behind none, everything side by side. */
export async function askPairs({ grounds, pairs, cases, everywhere, signal, tell }: AskOptions): Promise<Answers> {
  const proxies = await spawnProxies();
  try {
    const behind = (on: Ground, fault: string): string => `${fault}@${on}`;
    const wanted = new Set<string>();
    const want = (target: string, caseId: string): unknown => wanted.add(`${target} ${caseId}`);
    const targets: TargetContext[] = [];
    for (const { on, context, opened } of grounds) {
      const here = pairs.filter((pair) => pair.on === on);
      const spread = everywhere.filter(({ provenOn }) => provenOn === on).map(({ name }) => name);
      const names = new Set([noFault, ...here.map(({ fault }) => fault.name), ...spread]);
      for (const fault of names) {
        const { endpoint, imageEndpoint } = opened;
        const proxy = await proxies.open({ fault, args: [], endpoint, imageEndpoint });
        const name = behind(on, fault);
        const at = { endpoint: proxy.endpoint, imageEndpoint: proxy.endpoint, behind: endpoint };
        targets.push({ ...context, ...at, name, callTimeoutMs, patience });
      }
      for (const { fault, caseId } of here) want(behind(on, fault.name), caseId);
      for (const { declaration } of cases) {
        want(behind(on, noFault), declaration.id);
        for (const fault of spread) want(behind(on, fault), declaration.id);
      }
    }

    const finished = new Map<string, Extract<RunEvent, { type: 'case-finished' }>>();
    const ask = async (these: ReadonlySet<string>, inFlight: number): Promise<void> => {
      let done = 0;
      await runConformance({
        ...{ targets, cases, workers: inFlight, signal },
        wanted: (target, caseId) => these.has(`${target} ${caseId}`),
        // A server that a fault lets die stays dead: that is the fault.
        revive: () => Promise.resolve(false),
        emit: (event) => {
          if (event.type !== 'case-finished') return;
          finished.set(`${event.target} ${event.caseId}`, event);
          if (++done % progressStep === 0) tell(`${String(done)} of ${String(these.size)} asked`);
        },
      });
      signal.throwIfAborted();
    };
    await ask(wanted, workers);
    const of = (on: Ground, fault: string, caseId: string): Extract<RunEvent, { type: 'case-finished' }> | undefined =>
      finished.get(`${behind(on, fault)} ${caseId}`);
    const asked = ({ fault, caseId, on, wantedKey }: Pair): AskedPair[] => {
      const outcome = of(on, fault.name, caseId)?.outcome;
      const wants = wantedKey === undefined ? {} : { wantedKey };
      return outcome ? [{ fault: fault.name, caseId, on, outcome, ...wants }] : [];
    };
    const again = pairs.filter((pair) => asked(pair).some(isInDoubt));
    if (again.length > 0) {
      tell(`${String(again.length)} that prove nothing are asked again, one by one`);
      await ask(new Set(again.map(({ fault, caseId, on }) => `${behind(on, fault.name)} ${caseId}`)), 1);
    }
    const plain = grounds.flatMap(({ on }) =>
      cases.flatMap(({ declaration: { id } }) => {
        const event = of(on, noFault, id);
        return event ? [{ caseId: id, on, outcome: event.outcome, asked: event.asked }] : [];
      }),
    );
    return {
      plain,
      pairs: pairs.flatMap((pair) =>
        asked(pair).map((one) => ({ ...one, ...(again.includes(pair) ? { again: true as const } : {}) })),
      ),
      unsound: unsound(pairs, plain),
      collateral: collateral([...finished.values()], everywhere),
    };
  } finally {
    await proxies.stop();
  }
}

const progressStep = 50;

/**
 * It proves nothing so far. A fault that loses a filter shows a case what others make beside it, and a busy machine is late:
 * alone on the runtime the case must notice.
 */
function isInDoubt(pair: AskedPair): boolean {
  const { state } = judgePair(pair);
  return state === 'survived' || state === 'no-proof';
}

function unsound(pairs: readonly Pair[], plain: readonly AskedPlain[]): Mutation['baseline'] {
  return plain.flatMap(({ caseId, on, outcome }) => {
    if (outcome.status === 'passed' || !pairs.some((pair) => pair.caseId === caseId && pair.on === on)) return [];
    const message = 'message' in outcome ? outcome.message : 'reason' in outcome ? outcome.reason : '';
    return [{ caseId, on, outcome: outcome.status, message }];
  });
}

function collateral(
  events: readonly Extract<RunEvent, { type: 'case-finished' }>[],
  everywhere: readonly Fault[],
): Answers['collateral'] {
  const counts = new Map<string, { failed: number; asked: number; expectations: string[] }>();
  for (const { target, caseId, outcome } of events) {
    const fault = target.slice(0, target.lastIndexOf('@'));
    if (!everywhere.some(({ name }) => name === fault) || outcome.status === 'skipped' || outcome.status === 'not-run')
      continue;
    const count = counts.get(fault) ?? { failed: 0, asked: 0, expectations: [] };
    counts.set(fault, count);
    count.asked++;
    if (outcome.status !== 'failed') continue;
    count.failed++;
    count.expectations.push(`${caseId}#${outcome.key}`);
  }
  return counts;
}
