import type { CaseResult } from '../../model/case.ts';
import { findingSchema } from '../../model/result.ts';
import type { Finding, Readiness } from '../../model/result.ts';
import type { Target } from '../../model/target.ts';
import { findByCases } from './case-findings.ts';
import type { FoundByCases, NeededCase } from './case-findings.ts';
import { isWanted, requirementOf } from './needed-cases.ts';
import type { Node, Requirement } from './requirement.ts';
import { requirements } from './requirements.ts';

/** What readiness is judged from: parts of a result, and what was asked for. */
export interface ReadinessQuestion {
  /** As the user named it: `kubernetes-1.24`. */
  readonly purpose: string;
  readonly node: Node & {
    /** All cases whose promise such a node needs, whether or not the run asked them. */
    readonly caseIds: readonly string[];
  };
  readonly targets: readonly Target[];
  readonly cases: readonly CaseResult[];
}

type Reason = Readiness['reasons'][number];

/** Whether each target is fit to serve a node, requirement by requirement. */
export function readinessOf({ purpose, node, targets, cases }: ReadinessQuestion): Readiness[] {
  return targets.map((target): Readiness => {
    const results = new Map(cases.filter((one) => one.target === target.name).map((one) => [one.id, one]));
    const needed = node.caseIds.map((id): NeededCase => ({ id, result: results.get(id) }));
    const reasons = [...lossOf(target), ...(target.state === 'unreachable' ? [] : reasonsFor(target, node, needed))];
    const gravest = (finding: Finding): number => findingSchema.options.indexOf(finding);
    reasons.sort((a, b) => gravest(a.finding) - gravest(b.finding));
    return { target: target.name, purpose, verdict: verdictOf(reasons), reasons };
  });
}

function verdictOf(reasons: readonly Reason[]): Readiness['verdict'] {
  if (reasons.some(({ finding }) => finding === 'blocker')) return 'not-ready';
  return reasons.every(({ finding }) => finding === 'met') ? 'ready' : 'ready-with-caveats';
}

function lossOf({ state, problem }: Target): Reason[] {
  if (state === 'ready') return [];
  const words = state === 'died' ? 'It died during the run' : 'It could not be reached';
  const text = problem === undefined ? words : `${words}: ${problem}`;
  return [{ requirement: 'alive', finding: 'blocker', text, caseIds: [] }];
}

function reasonsFor(target: Target, node: Node, needed: readonly NeededCase[]): Reason[] {
  return requirements
    .filter((requirement) => isWanted(requirement, node.minor))
    .flatMap((requirement) => {
      const behind = needed.filter(({ id }) => requirementOf(id) === requirement);
      const found = find(requirement, behind, target, node);
      if (!found) return [];
      const { finding, text, caseIds } = found;
      return [{ requirement: requirement.id, finding, text, caseIds: [...caseIds] }];
    });
}

/** The graver of what was probed and what the cases say; in doubt what was probed, which tells more of the target. */
function find(
  requirement: Requirement,
  cases: readonly NeededCase[],
  target: Target,
  node: Node,
): FoundByCases | undefined {
  const byCases = cases.length > 0 ? findByCases(requirement, cases) : undefined;
  const probed = requirement.probed?.(target, node);
  if (!probed) return byCases;
  const rank = ({ finding }: { readonly finding: Finding }): number => findingSchema.options.indexOf(finding);
  if (byCases && rank(byCases) < rank(probed)) return byCases;
  return { ...probed, caseIds: cases.map(({ id }) => id) };
}
