import { z } from 'zod';
import { outcomeStatuses } from './outcome.ts';

/** Where a fault was put: before a real runtime, or before the simulator for what that runtime lacks and is pure API. */
const groundSchema = z.enum(['runtime', 'simulator']);
export type Ground = z.infer<typeof groundSchema>;

/** One case asked behind one fault. Only a case that failed at an expectation of its body is killed. */
export const mutationPairSchema = z.object({
  fault: z.string(),
  caseId: z.string(),
  on: groundSchema,
  state: z.enum(['killed', 'survived', 'no-proof', 'skipped']),
  outcome: z.enum(outcomeStatuses),
  key: z.string().optional().describe('the first expectation that failed'),
  wantedKey: z.string().optional().describe('the expectation that the fault was written for'),
  message: z.string().optional().describe('what was seen instead of a failed expectation'),
  again: z.literal(true).optional().describe('it proved nothing among others, and this is what came of it alone'),
});
export type MutationPair = z.infer<typeof mutationPairSchema>;

/** Whether a case was seen to fail, and at which expectations. */
export const provenCaseSchema = z.object({
  id: z.string(),
  state: z.enum(['killed', 'survived', 'unreachable-here']),
  reason: z.string().optional().describe('why it cannot be reached here'),
  proofs: z.array(z.object({ fault: z.string(), key: z.string(), on: groundSchema })),
  unproven: z.array(z.string()).describe('keys of expectations that were asked and never seen failing'),
});
export type ProvenCase = z.infer<typeof provenCaseSchema>;

/** What became of every declared pair of a case and a fault, and what that proves. */
export const mutationSchema = z.object({
  tool: z.object({ name: z.literal('crible'), version: z.string() }),
  startedAt: z.iso.datetime(),
  finishedAt: z.iso.datetime(),
  seed: z.number().int(),
  sample: z.number().int().optional().describe('so many pairs of all, chosen by the seed'),
  grounds: z.array(
    z.object({ on: groundSchema, spec: z.string(), runtimeName: z.string(), runtimeVersion: z.string() }),
  ),
  baseline: z
    .array(z.object({ caseId: z.string(), on: groundSchema, outcome: z.enum(outcomeStatuses), message: z.string() }))
    .describe('cases that did not pass through the proxy with no fault on'),
  pairs: z.array(mutationPairSchema),
  cases: z.array(provenCaseSchema),
  faults: z.array(
    z.object({
      name: z.string(),
      breaks: z.string(),
      kills: z.number().int(),
      onlyKillerOf: z.array(z.string()).describe('expectations, as case#key, that no other fault makes fail'),
      reason: z.string().optional().describe('why it is there although others make the same expectations fail'),
      collateral: z
        .object({
          failed: z.number().int(),
          asked: z.number().int(),
          expectations: z.array(z.string()).describe('those that failed, as case#key'),
        })
        .optional()
        .describe('when it was put before every case: how many failed'),
    }),
  ),
});
export type Mutation = z.infer<typeof mutationSchema>;
