import { z } from 'zod';
import type { Case } from '../kit/case.ts';
import { loadSuites } from '../kit/load-suites.ts';
import { caseDeclarationSchema } from '../model/case.ts';
import { observationDeclarationSchema, type ObservationDeclaration } from '../model/observation.ts';

/** A behaviour of critest that no case answers. */
const outOfScopeSchema = z.object({ id: z.string(), reason: z.string() });

const suiteSchema = z.object({
  cases: z
    .array(
      z.object({ declaration: caseDeclarationSchema, run: z.custom<Case['run']>((run) => typeof run === 'function') }),
    )
    .optional(),
  observationKeys: z.array(observationDeclarationSchema).optional(),
  critest: z.record(z.string(), z.string()).optional(),
  outOfScope: z.array(outOfScopeSchema).optional(),
});

/** Everything that the suites can ask. */
export interface Catalogue {
  /** By id, ascending. */
  readonly cases: readonly Case[];
  readonly observationKeys: readonly ObservationDeclaration[];
  /** What critest validates, by the ids that the cases' `critest` names, in words. */
  readonly critest: Readonly<Record<string, string>>;
  /** Which of that no case answers, and why. */
  readonly outOfScope: readonly z.infer<typeof outOfScopeSchema>[];
}

/**
 * Loads every suite by its path: a module that exports `cases`, `observationKeys` or both; one exports `critest` and `outOfScope`.
 * @throws Error when an id or key is declared twice or a declaration is malformed: a defect of the suites
 */
export async function loadCatalogue(): Promise<Catalogue> {
  const suites = (await loadSuites('conformance')).map(({ exported }) => suiteSchema.parse(exported));
  const cases = suites
    .flatMap((suite) => suite.cases ?? [])
    .sort((a, b) => compare(a.declaration.id, b.declaration.id));
  const observationKeys = suites.flatMap((suite) => suite.observationKeys ?? []).sort((a, b) => compare(a.key, b.key));
  refuseTwins(cases.map(({ declaration }) => declaration.id));
  refuseTwins(observationKeys.map(({ key }) => key));
  refuseTwins(cases.flatMap(({ declaration }) => declaration.images).sort(compare));
  return {
    cases,
    observationKeys,
    critest: Object.fromEntries(suites.flatMap(({ critest }) => Object.entries(critest ?? {}))),
    outOfScope: suites.flatMap(({ outOfScope }) => outOfScope ?? []),
  };
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function refuseTwins(sorted: readonly string[]): void {
  const twin = sorted.find((id, index) => id === sorted[index + 1]);
  if (twin !== undefined) throw new Error(`'${twin}' is declared twice in suites/conformance`);
}
