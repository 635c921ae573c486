import { z } from 'zod';

/**
 * A deviation that is known of a runtime. `must-fail` that passes is an error, so that the list cannot rot;
 * `may-fail` says how often it was seen and up to which version the excuse holds.
 */
export const expectationSchema = z
  .object({
    cases: z.array(z.string()).min(1).describe('globs over case ids; each must match a case'),
    runtime: z.string().describe('runtime_name as Version answers it'),
    versions: z
      .string()
      .describe('range over the runtime version, for example "<1.6.35 || >=1.7.0 <1.7.21"; * for all'),
    handlers: z.array(z.string()).optional().describe('only for these runtime handlers'),
    needs: z.array(z.string()).optional().describe('only where these features are present; !name for absent'),
    key: z.string().optional().describe('only when it fails at this expectation key'),
    reason: z.string(),
    link: z.string().optional(),
    evidence: z.enum(['seen', 'recorded', 'read-in-source']),
  })
  .and(
    z.discriminatedUnion('expect', [
      z.object({ expect: z.literal('must-fail') }),
      z.object({
        expect: z.literal('may-fail'),
        seen: z.object({ failed: z.number().int(), runs: z.number().int() }),
        expires: z.string().describe('version from which it must pass'),
      }),
    ]),
  );
export type Expectation = z.infer<typeof expectationSchema>;

/** Outcome × expectation, computed once by the judge. Only the two `unexpected` ones make a run fail. */
export const caseVerdictSchema = z.enum(['as-expected', 'unexpected-failure', 'unexpected-pass', 'not-judged']);
export type CaseVerdict = z.infer<typeof caseVerdictSchema>;
