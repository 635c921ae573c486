import { z } from 'zod';
import { outcomeSchema } from './outcome.ts';
import { caseVerdictSchema, expectationSchema } from './expectation.ts';

/** `required`: the kubelet relies on it; `specified`: the proto says so; `optional`: a feature that a runtime declares. */
const levelSchema = z.enum(['required', 'specified', 'optional']);
export type Level = z.infer<typeof levelSchema>;

/** What a case must have to itself: on its CRI server (`target`), or on the whole machine (`host`). */
const lockSchema = z.object({
  scope: z.enum(['target', 'host']),
  resource: z.enum(['image-store', 'events', 'host-port', 'kernel']),
});
export type Lock = z.infer<typeof lockSchema>;

/** What a promise rests on. */
const basisSchema = z.object({
  kind: z.enum(['proto', 'kep', 'kubelet', 'oci']),
  text: z.string().describe('the message, field or behaviour, and what it promises'),
});

/** A promise of the CRI and how it is asked for, without the code that asks. */
export const caseDeclarationSchema = z.object({
  id: z
    .string()
    .regex(/^[a-z0-9-]+(\/[a-z0-9-]+)+$/)
    .describe('a path of CRI words'),
  revision: z.number().int().min(1).describe('rises when the verdict may change although the runtime did not'),
  title: z.string().describe('completes "the runtime …"'),
  level: levelSchema,
  rpcs: z.array(z.string()).min(1).describe('the RPCs whose promise it is'),
  basis: z.array(basisSchema).min(1),
  critest: z
    .array(z.string())
    .max(3)
    .optional()
    .describe(
      'behaviours of critest that it answers, by their number in suites/conformance/critest.ts, with the expectation: PS-1#key',
    ),
  needs: z.array(z.string()).describe('features without which the case is skipped'),
  locks: z.array(lockSchema),
  images: z
    .array(z.string())
    .describe('names of fixture images that the case has to itself, because it removes them or wants them absent'),
  timeoutMs: z.number().int().positive(),
});
export type CaseDeclaration = z.infer<typeof caseDeclarationSchema>;

/** A case on one target: what became of it, what was expected, and what follows. */
export const caseResultSchema = caseDeclarationSchema
  .pick({ id: true, revision: true, title: true, level: true, rpcs: true, basis: true })
  .extend({
    target: z.string(),
    outcome: outcomeSchema,
    flaky: z.boolean().optional().describe('passed only on a retry: never counted as passed'),
    durationNs: z.number(),
    asked: z.array(z.string()).describe('keys of the expectations that were asked, the failing one last'),
    expectation: expectationSchema.optional(),
    verdict: caseVerdictSchema,
  });
export type CaseResult = z.infer<typeof caseResultSchema>;
