import { z } from 'zod';
import { costSchema } from './cost.ts';

/** How starts are spread under an open load: evenly, at random (exponential gaps), or in four steps that rise to the rate. */
export const arrivalSchema = z.enum(['constant', 'poisson', 'stepped']);
export type Arrival = z.infer<typeof arrivalSchema>;

const population = z
  .number()
  .int()
  .nonnegative()
  .optional()
  .describe('idle pods of crible that are there meanwhile, one container each; made once a target');

/** Closed: so many in flight. Open: so many intended starts a second, latency counted from the intended start. */
export const loadSchema = z.discriminatedUnion('model', [
  z.object({ model: z.literal('closed'), concurrency: z.number().int().positive(), population }),
  z.object({ model: z.literal('open'), ratePerSecond: z.number().positive(), arrival: arrivalSchema, population }),
]);
export type Load = z.infer<typeof loadSchema>;

/** A load as ids and gates write it: `c4`, `r10`, `r10-poisson`, and `c1-p50` beside 50 idle pods. */
export function loadLabel(load: Load): string {
  const beside = load.population === undefined ? '' : `-p${String(load.population)}`;
  switch (load.model) {
    case 'closed':
      return `c${String(load.concurrency)}${beside}`;
    case 'open':
      return `r${String(load.ratePerSecond)}${load.arrival === 'constant' ? '' : `-${load.arrival}`}${beside}`;
  }
}

/** A figure of a round that is no latency: a rate, a share, an amount of memory. */
export const measureSchema = z.object({
  name: z.string(),
  description: z.string(),
  unit: z.string().describe('for example bytes/s'),
  better: z.enum(['lower', 'higher']),
});
export type Measure = z.infer<typeof measureSchema>;

/** What a benchmark does to a runtime, without the code that does it. */
export const workloadDeclarationSchema = z.object({
  id: z.string().regex(/^[a-z0-9-]+$/),
  revision: z.number().int().min(1).describe('rises when figures stop being comparable with earlier ones'),
  title: z.string(),
  description: z.string().describe('what it does, what it is good for, which confounder it controls'),
  operations: z.array(z.object({ name: z.string(), description: z.string() })).min(1),
  measures: z.array(measureSchema),
  primary: z.string().describe('the one operation or measure that decides faster or slower'),
  needs: z.array(z.string()),
  profile: z.enum(['quick', 'standard']).describe('the least effort that includes it unless it is named'),
  disruptive: z.boolean().describe('a host socket is spared it unless that is allowed'),
});
export type WorkloadDeclaration = z.infer<typeof workloadDeclarationSchema>;

/** One operation in one round. Failed calls are counted and never in the histogram. */
export const operationRoundSchema = z.object({
  name: z.string(),
  count: z.number().int().describe('calls that succeeded'),
  failures: z.number().int(),
  histogram: z.string().describe('HdrHistogram of latencies in ns, V2 compressed, base64; 3 significant digits'),
  serviceHistogram: z
    .string()
    .optional()
    .describe('open load: times from the real start; `histogram` counts from the intended one'),
  minNs: z.number().nullable(),
  maxNs: z.number().nullable(),
});
export type OperationRound = z.infer<typeof operationRoundSchema>;

/** What became of the intended starts of a round under an open load. */
export const arrivalsSchema = z.object({
  intended: z.number().int(),
  started: z.number().int(),
  late: z.number().int().describe('started more than 1 ms after their time'),
  dropped: z.number().int().describe('never started, since too many were in flight'),
  lagHistogram: z.string().describe("HdrHistogram of the starts' delays in ns: the error bound of the latencies"),
  achievedPerSecond: z.number().describe('starts a second over the time that they were spread over'),
});
export type Arrivals = z.infer<typeof arrivalsSchema>;

export const roundSchema = z.object({
  index: z.number().int(),
  order: z.number().int().describe('place of this target within the round, from 0'),
  startedAt: z.iso.datetime(),
  durationNs: z.number(),
  operations: z.array(operationRoundSchema),
  measures: z.array(z.object({ name: z.string(), value: z.number() })),
  arrivals: arrivalsSchema.optional(),
  ratePerSecond: z.number().optional().describe('completed iterations a second'),
  cost: costSchema.optional(),
});
export type Round = z.infer<typeof roundSchema>;

/** All rounds of one operation together. A percentile that the number of samples cannot bound is null. */
export const operationSummarySchema = z.object({
  name: z.string(),
  count: z.number().int(),
  failures: z.number().int(),
  p50Ns: z.number().nullable(),
  p90Ns: z.number().nullable(),
  p99Ns: z.number().nullable(),
  maxNs: z.number().nullable(),
  quantiles: z
    .array(z.object({ quantile: z.number(), valueNs: z.number() }))
    .describe('the distribution, at most 200 points, for pictures'),
});
export type OperationSummary = z.infer<typeof operationSummarySchema>;

/** An error that the calls of a workload ended with, and how often. */
export const workloadErrorSchema = z.object({
  operation: z.string(),
  code: z.string(),
  message: z.string().describe('of the first one'),
  count: z.number().int(),
});

/** A workload on one target under one load. One whose calls all fail is `failed`, never fast. */
export const workloadResultSchema = workloadDeclarationSchema
  .omit({ operations: true, measures: true, needs: true, profile: true, disruptive: true })
  .extend({
    target: z.string(),
    load: loadSchema,
    status: z.enum(['measured', 'failed', 'skipped', 'not-run']),
    reason: z.string().optional().describe('why it is not measured'),
    rounds: z.array(roundSchema.nullable()).describe('null: the round was lost'),
    operations: z.array(operationSummarySchema.extend({ description: z.string() })),
    measures: z.array(measureSchema.extend({ median: z.number().nullable().describe('of the rounds') })),
    errors: z.array(workloadErrorSchema),
  });
export type WorkloadResult = z.infer<typeof workloadResultSchema>;
