import { loadWorkloads } from '../benchmark/catalogue.ts';
import { loadCatalogue } from '../conformance/catalogue.ts';
import { faults } from '../faults/catalogue.ts';
import type { FaultDeclaration } from '../model/fault.ts';
import { listLabs } from '../lab/labs.ts';
import { answeringSockets } from './host-sockets.ts';
import { knownProofs } from './mutation/read-mutation.ts';

export interface Listing {
  /** For programs: what was asked for by its name, and what belongs to it. */
  readonly json: Readonly<Record<string, unknown>>;
  /** For people, aligned. */
  readonly lines: readonly string[];
}

/** Everything of one sort that this crible has, or that this machine has for it. */
export async function listOf(
  what: 'cases' | 'workloads' | 'targets' | 'observations' | 'faults',
  signal: AbortSignal,
): Promise<Listing> {
  switch (what) {
    case 'cases': {
      const proofs = knownProofs();
      const { cases: all, critest, outOfScope } = await loadCatalogue();
      const cases = all.map(({ declaration }) => {
        const proven = proofs.get(declaration.id);
        return { ...declaration, proofs: proven?.proofs ?? [], unproven: proven?.unproven ?? [] };
      });
      return {
        json: { cases, critest, outOfScope },
        lines: columns(cases.map(({ id, level, title }) => [id, level, `the runtime ${title}`])),
      };
    }
    case 'workloads': {
      const workloads = (await loadWorkloads()).map(({ declaration }) => declaration);
      return { json: { workloads }, lines: columns(workloads.map(({ id, title }) => [id, title])) };
    }
    case 'observations': {
      const { observationKeys } = await loadCatalogue();
      return {
        json: { observations: observationKeys },
        lines: columns(observationKeys.map(({ key, meaning }) => [key, meaning])),
      };
    }
    case 'faults': {
      const declarations = faults.map(
        ({ name, rpcs, breaks, parameters, kills, provenOn, reason }): FaultDeclaration => ({
          ...{ name, rpcs, breaks, parameters, kills, provenOn },
          ...(reason === undefined ? {} : { reason }),
        }),
      );
      return {
        json: { faults: declarations },
        lines: columns(
          declarations.map(({ name, parameters, breaks }) => [
            parameters.length === 0 ? name : `${name}(${parameters.join(', ')})`,
            breaks,
          ]),
        ),
      };
    }
    case 'targets': {
      const labs = listLabs().flatMap(({ lab }) =>
        lab ? [{ endpoint: lab.endpoint, runtime: `${lab.runtime} ${lab.version}`, source: `lab ${lab.name}` }] : [],
      );
      const sockets = (await answeringSockets(signal)).map((socket) => ({ ...socket, source: 'this machine' }));
      const targets = [...labs, ...sockets];
      return {
        json: { targets },
        lines: columns(targets.map(({ endpoint, runtime, source }) => [endpoint, runtime, source])),
      };
    }
  }
}

function columns(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}
