import { stringify } from 'yaml';
import type { Observation } from '../src/model/observation.ts';

/** Any JSON value: what a request, an answer, an expectation or an observation holds. */
export type JsonValue = Observation['value'];

/** A value over several lines, as YAML: the form in which people who run Kubernetes read configuration, and free of quotes. */
export function quotedBlock(value: JsonValue): string {
  return stringify(value, { lineWidth: 0 }).trimEnd();
}

/** A value on one line. */
export function quotedLine(value: JsonValue): string {
  return stringify(value, { lineWidth: 0, collectionStyle: 'flow' }).trimEnd();
}
