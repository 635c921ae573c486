import { z } from 'zod';
import { caseResultSchema } from './case.ts';
import { comparisonSchema, gateSchema } from './comparison.ts';
import { observationDeclarationSchema, observationSchema } from './observation.ts';
import { hostSchema, targetSchema } from './target.ts';
import { warningSchema } from './warning.ts';
import { workloadResultSchema } from './workload.ts';

/** Rises with every change that an existing reader of result.json could stumble over. */
export const schemaVersion = 1;

export const toolSchema = z.object({ name: z.literal('crible'), version: z.string() });

/** How hard crible tries: rounds and samples. It never changes what is asked for conformance. */
export const profileSchema = z.enum(['quick', 'standard', 'full']);
export type Profile = z.infer<typeof profileSchema>;

/** What was asked of this run, enough to ask it again. */
export const runSchema = z.object({
  id: z.string(),
  command: z.array(z.string()).describe('the command line, program name first'),
  startedAt: z.iso.datetime(),
  finishedAt: z.iso.datetime().nullable(),
  seed: z.number().int(),
  profile: profileSchema,
  purpose: z.string(),
  complete: z.boolean(),
  incompleteReason: z.string().optional(),
});
export type Run = z.infer<typeof runSchema>;

/** What became of one requirement of a purpose: `blocker` and `caveat` are broken, by what it costs a node to lack it. */
export const findingSchema = z.enum(['blocker', 'caveat', 'not-verified', 'met']);
export type Finding = z.infer<typeof findingSchema>;

/** Whether a target is fit for a purpose, and which cases say so. */
export const readinessSchema = z.object({
  target: z.string(),
  purpose: z.string(),
  verdict: z.enum(['ready', 'ready-with-caveats', 'not-ready']),
  reasons: z
    .array(
      z.object({
        requirement: z.string().describe('a name that stays the same whatever was found'),
        finding: findingSchema,
        text: z.string().describe('a sentence without its full stop'),
        caseIds: z.array(z.string()).describe('the cases that the sentence rests on; none where a probed fact says it'),
      }),
    )
    .describe('gravest first'),
});
export type Readiness = z.infer<typeof readinessSchema>;

/** Everything that a run found out: the source of every report, and the only thing that comparisons read. */
export const resultSchema = z.object({
  schemaVersion: z.literal(schemaVersion),
  tool: toolSchema,
  run: runSchema,
  hosts: z.array(hostSchema),
  targets: z.array(targetSchema),
  cases: z.array(caseResultSchema),
  observationKeys: z.array(observationDeclarationSchema),
  observations: z.array(observationSchema),
  workloads: z.array(workloadResultSchema),
  comparisons: z.array(comparisonSchema),
  readiness: z.array(readinessSchema).optional(),
  gates: z.array(gateSchema),
  warnings: z.array(warningSchema),
});
export type Result = z.infer<typeof resultSchema>;

/** What `crible` exits with, the first that applies in this order; the numbers are part of the command-line contract. */
export const exitCodes = {
  interrupted: 130,
  defect: 5,
  usage: 2,
  target: 3,
  conformance: 1,
  gate: 4,
  expected: 0,
} as const;
export type ExitReason = keyof typeof exitCodes;
