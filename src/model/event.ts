import { z } from 'zod';
import { caseDeclarationSchema } from './case.ts';
import { gateSchema, comparisonSchema } from './comparison.ts';
import { observationDeclarationSchema, observationSchema } from './observation.ts';
import { outcomeSchema } from './outcome.ts';
import { kubeletConfigurationSchema } from './kubelet-configuration.ts';
import { runSchema, toolSchema } from './result.ts';
import { hostSchema, targetSchema } from './target.ts';
import { warningSchema } from './warning.ts';
import { loadSchema, roundSchema, workloadDeclarationSchema, workloadResultSchema } from './workload.ts';

const workloadKey = { workload: z.string(), target: z.string(), load: loadSchema };

/** The node that each target is judged fit for or not. */
const plannedNodeSchema = z.object({
  minor: z.number().int().describe('of Kubernetes 1'),
  caseIds: z.array(z.string()).describe('all cases whose promise such a node needs, asked in this run or not'),
  kubelet: kubeletConfigurationSchema.optional(),
});
export type PlannedNode = z.infer<typeof plannedNodeSchema>;

/**
 * What happens during a run, in the order in which it happens: shown on the terminal, written to journal.ndjson
 * one a line, and folded into the result. A run that breaks off leaves a journal that still folds into a report.
 */
export const runEventSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('run-started'), tool: toolSchema, run: runSchema, host: hostSchema }),
  z.object({ type: z.literal('target-probed'), target: targetSchema }),
  z.object({
    type: z.literal('planned'),
    targets: z.array(z.string()),
    cases: z.array(caseDeclarationSchema),
    observationKeys: z.array(observationDeclarationSchema),
    workloads: z.array(workloadDeclarationSchema.extend({ load: loadSchema })),
    rounds: z.number().int(),
    node: plannedNodeSchema.optional(),
  }),
  z.object({ type: z.literal('case-started'), caseId: z.string(), target: z.string(), shard: z.number().int() }),
  z.object({
    type: z.literal('case-finished'),
    caseId: z.string(),
    target: z.string(),
    outcome: outcomeSchema,
    durationNs: z.number(),
    asked: z.array(z.string()).describe('keys of the expectations that were asked, the failing one last'),
    flaky: z.boolean().optional(),
  }),
  z.object({ type: z.literal('observed'), observation: observationSchema }),
  z.object({ type: z.literal('round-started'), index: z.number().int(), ...workloadKey }),
  z.object({
    type: z.literal('round-finished'),
    index: z.number().int(),
    ...workloadKey,
    round: roundSchema.nullable(),
  }),
  z.object({ type: z.literal('workload-finished'), result: workloadResultSchema }),
  z.object({ type: z.literal('compared'), comparisons: z.array(comparisonSchema), gates: z.array(gateSchema) }),
  z.object({ type: z.literal('target-lost'), target: z.string(), problem: z.string() }),
  z.object({ type: z.literal('warned'), warning: warningSchema }),
  z.object({
    type: z.literal('run-finished'),
    finishedAt: z.iso.datetime(),
    complete: z.boolean(),
    reason: z.string().optional(),
  }),
]);
export type RunEvent = z.infer<typeof runEventSchema>;

/** Where events go: the terminal, the journal, the fold. Listeners must not throw. */
export type EventListener = (event: RunEvent) => void;
