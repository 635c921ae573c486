import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { codes } from '../../cri/code.ts';
import type { Code } from '../../cri/code.ts';
import { fromJson, ImageService, RuntimeService } from '../../cri/messages.ts';
import type { Message } from '../../cri/messages.ts';
import type { Json } from './json.ts';

/*
 * A recording is a file of one conversation with a real runtime: what it was asked, one call after the other, and what it
 * answered. Requests have what the answers depend on and what they repeat; answers are whole, in protobuf's JSON with the
 * proto's names. Left out or changed: calls that no case makes, folders of the machine (they begin with /runtime), tokens of
 * stream URLs, and what the verbose info has below its top level. Long log lines are cut short.
 */
const recordingSchema = z.object({
  /** As the runtime calls itself, with its version. */
  runtime: z.string(),
  steps: z.array(
    z.object({
      rpc: z.string(),
      request: z.json(),
      response: z.json().optional(),
      error: z.object({ code: z.enum(codes), message: z.string() }).optional(),
    }),
  ),
  /** Lines of the log of its container `main`. */
  log: z.array(z.string()),
});

/** What a call was answered with. */
export type RecordedAnswer =
  | { readonly kind: 'response'; readonly response: Json }
  | { readonly kind: 'error'; readonly code: Code; readonly message: string };

export interface Step {
  readonly rpc: string;
  readonly request: Message;
  readonly answer: RecordedAnswer;
}

export interface Conversation {
  readonly runtime: string;
  readonly steps: readonly Step[];
  readonly log: readonly string[];
}

const methods = new Map([...RuntimeService.methods, ...ImageService.methods].map((method) => [method.name, method]));

/** @throws Error when the file is no recording, or has a call that the CRI has not: a defect of the file */
export function readConversation(file: URL): Conversation {
  const { runtime, steps, log } = recordingSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  return {
    runtime,
    log,
    steps: steps.map(({ rpc, request, response, error }): Step => {
      const method = methods.get(rpc);
      if (method === undefined) throw new Error(`${file.pathname}: there is no RPC ${rpc}`);
      return {
        rpc,
        request: fromJson(method.input, request),
        answer: error ? { kind: 'error', ...error } : { kind: 'response', response: response ?? {} },
      };
    }),
  };
}

/** A recorded answer as its message. */
export function messageOf(rpc: string, response: Json): Message {
  const method = methods.get(rpc);
  if (method === undefined) throw new Error(`there is no RPC ${rpc}`);
  return fromJson(method.output, response);
}
