import type { ObservationDeclaration } from '../../src/model/observation.ts';

/** The ways in which runtimes may differ without breaking a promise; a case that observes a key which is not here is a defect. */
export const observationKeys: ObservationDeclaration[] = [];
