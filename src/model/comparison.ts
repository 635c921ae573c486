import { z } from 'zod';
import { loadSchema } from './workload.ts';

/** Candidate against base on one operation; the ratio is candidate ÷ base. */
export const comparisonSchema = z.object({
  workload: z.string(),
  load: loadSchema,
  operation: z.string(),
  metric: z.string().describe('for example p50'),
  unit: z.string(),
  better: z.enum(['lower', 'higher']),
  primary: z.boolean().describe('the rest is exploratory and outside the correction for many comparisons'),
  base: z.string(),
  candidate: z.string(),
  ratio: z.number().nullable(),
  low: z.number().nullable(),
  high: z.number().nullable(),
  confidence: z.number().describe('of the interval low to high; corrected for many comparisons where primary'),
  threshold: z.number().describe('relative difference below which it is noise, for example 0.03'),
  margin: z
    .number()
    .optional()
    .describe('relative difference that the verdict same rules out, for example 0.1; the threshold where absent'),
  pairs: z.number().int().describe('rounds that both were measured in'),
  floor: z
    .enum(['same-daemon', 'two-daemons'])
    .optional()
    .describe('base and candidate are the same runtime: the interval is a noise floor'),
  verdict: z.enum(['faster', 'slower', 'same', 'inconclusive']),
  reason: z.string().optional().describe('why it is inconclusive, and what would decide'),
});
export type Comparison = z.infer<typeof comparisonSchema>;

/** An absolute bound on a figure, given before the run. One whose figure is missing is broken. */
export const gateSchema = z.object({
  text: z.string(),
  broken: z.boolean(),
  actual: z.number().nullable(),
  unit: z.string(),
  reason: z.string(),
});
export type Gate = z.infer<typeof gateSchema>;
