import { z } from 'zod';
import { delayLawSchema } from './delay/law.ts';

/** What the simulator's own process is started with, as JSON in its first argument. */
export const startSchema = z.object({
  delays: z.array(z.object({ rpc: z.string(), law: delayLawSchema })).default([]),
  seed: z.number().default(0),
});

/** What its parent asks it. */
export const questionSchema = z.object({ id: z.number(), delaysOf: z.string() });

/** What it tells its parent: that it serves, once, and answers. */
export const reportSchema = z.union([
  z.object({ endpoint: z.string() }),
  z.object({ id: z.number(), delaysNs: z.array(z.number()) }),
]);
export type Report = z.infer<typeof reportSchema>;
