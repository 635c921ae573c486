import { z } from 'zod';

/** Why a result deserves less trust than it seems to; each kind is explained where reports show it. */
export const warningSchema = z.object({
  kind: z.enum([
    'simulator-instead-of-runtime',
    'foreign-pods',
    'kubelet-present',
    'too-few-samples',
    'lost-round',
    'failed-calls',
    'client-saturated',
    'saturated',
    'late-starts',
    'stall-hidden',
    'unexplained-cpu',
    'left-behind',
    'lab-limit',
    'no-expectations',
    'runtime-restarted',
    'flaky',
  ]),
  message: z.string().describe('what was seen and what it means, one or two sentences'),
  target: z.string().optional(),
  subject: z.string().optional().describe('the case or workload it is about'),
});
export type Warning = z.infer<typeof warningSchema>;
