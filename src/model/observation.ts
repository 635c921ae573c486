import { z } from 'zod';

/** How much two runs of the same runtime may differ in a key: not at all, in order only, or within a range. */
export const stabilitySchema = z.enum(['exact', 'set', 'range']);

/** A way in which runtimes may differ without breaking a promise. */
export const observationDeclarationSchema = z.object({
  key: z.string().regex(/^[a-z0-9-]+(\.[a-z0-9-]+)+$/),
  meaning: z.string().describe('what the value changes for a workload, the kubelet or a migration'),
  stability: stabilitySchema,
  source: z.string().describe('why the key counts: two recorded runtimes that differ, or a cited source'),
});
export type ObservationDeclaration = z.infer<typeof observationDeclarationSchema>;

/** A value that a target showed in this run, already normalised. */
export const observationSchema = z.object({
  key: z.string(),
  target: z.string(),
  value: z.json(),
  caseId: z.string(),
});
export type Observation = z.infer<typeof observationSchema>;
