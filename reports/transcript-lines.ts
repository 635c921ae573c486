import type { TranscriptEntry } from '../src/model/outcome.ts';
import { formatDuration } from './quantity.ts';

/** A conversation in plain text: a line per call, then what was said. */
export function transcriptLines(transcript: readonly TranscriptEntry[]): readonly string[] {
  return transcript.flatMap((entry) => {
    if ('note' in entry) return [`(${entry.note})`];
    const answer = entry.error ? `${entry.error.code}: ${entry.error.message}` : 'OK';
    return [
      `+${entry.startedAtMs.toFixed(0)} ms ${entry.rpc} took ${formatDuration(entry.durationNs)}: ${answer}`,
      `    request ${JSON.stringify(entry.request)}`,
      ...(entry.response === undefined ? [] : [`    response ${JSON.stringify(entry.response)}`]),
    ];
  });
}
