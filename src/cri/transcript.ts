import type { TranscriptEntry } from '../model/outcome.ts';
import { fit } from './fit.ts';
import type { CallEntry } from './fit.ts';
import { messageJson } from './message-json.ts';
import type { CallRecord } from './record.ts';
import { scrubFor } from './redaction.ts';
import type { Scrub } from './redaction.ts';

/** What a transcript may take in a file, as compact JSON in UTF-8. */
export const transcriptCapBytes = 65_536;

/** The conversation with a runtime during one case, from the making of this object on. */
export class Transcript {
  readonly #calls: CallRecord[] = [];
  readonly #startedAtNs = process.hrtime.bigint();

  /** Takes in a call; made for `client.observedBy`. */
  readonly add = (call: CallRecord): void => {
    this.#calls.push(call);
  };

  /**
   * The calls in the order they began, as plain data fit for a file: without credentials, bytes fields as digests, and
   * no larger than `capBytes` as compact JSON. The first and the last calls are kept longest; notes say what is left out.
   */
  toJson(capBytes = transcriptCapBytes): TranscriptEntry[] {
    const scrub = scrubFor(this.#calls);
    const inOrder = this.#calls.toSorted((a, b) => Number(a.startedAtNs - b.startedAtNs));
    return fit(
      inOrder.map((call) => this.#entryOf(call, scrub)),
      capBytes,
    );
  }

  #entryOf(call: CallRecord, scrub: Scrub): CallEntry {
    return {
      rpc: call.rpc,
      startedAtMs: Number(call.startedAtNs - this.#startedAtNs) / 1e6,
      durationNs: call.durationNs,
      request: messageJson(call.request, scrub),
      ...(call.outcome === 'answered' && { response: messageJson(call.response, scrub) }),
      ...(call.outcome === 'streamed' && { response: { messages: call.messageCount } }),
      ...('error' in call && { error: { code: call.error.code, message: scrub(call.error.details) } }),
    };
  }
}
