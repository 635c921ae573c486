import { z } from 'zod';

/** One call of a case's conversation with the runtime, as plain data; a note stands for what the cap left out. */
const transcriptEntrySchema = z.union([
  z.object({
    rpc: z.string(),
    startedAtMs: z.number().describe('since the start of the case'),
    durationNs: z.number(),
    request: z.json(),
    response: z.json().optional(),
    error: z.object({ code: z.string(), message: z.string() }).optional(),
  }),
  z.object({ note: z.string() }),
]);
export type TranscriptEntry = z.infer<typeof transcriptEntrySchema>;

const transcript = z.array(transcriptEntrySchema);

/** In which part of a case an error came up that no expectation was about. */
const phaseSchema = z.enum(['setup', 'body', 'teardown', 'foreign-interference']);

/**
 * What became of a case, exactly one of seven. `failed` is a broken promise, found by an expectation of the case's body;
 * `errored` is everything else that went wrong and proves nothing about the runtime.
 */
export const outcomeSchema = z.discriminatedUnion('status', [
  z.object({ status: z.literal('passed') }),
  z.object({
    status: z.literal('failed'),
    key: z.string().describe('names the expectation within its case'),
    message: z.string(),
    expected: z.json(),
    actual: z.json(),
    evidence: z.array(z.string()).describe('lines that help: log records, file contents'),
    transcript,
  }),
  z.object({ status: z.literal('errored'), phase: phaseSchema, message: z.string(), transcript }),
  z.object({ status: z.literal('timed-out'), timeoutMs: z.number(), message: z.string(), transcript }),
  z.object({ status: z.literal('skipped'), missing: z.array(z.string()).describe('features'), reason: z.string() }),
  z.object({ status: z.literal('not-run'), reason: z.string() }),
  z.object({ status: z.literal('runtime-died'), message: z.string(), transcript }),
]);
export type Outcome = z.infer<typeof outcomeSchema>;
export type OutcomeStatus = Outcome['status'];

/** All statuses, in the order in which reports list them: worst first. */
export const outcomeStatuses = [
  'runtime-died',
  'failed',
  'timed-out',
  'errored',
  'not-run',
  'skipped',
  'passed',
] as const satisfies readonly OutcomeStatus[];
