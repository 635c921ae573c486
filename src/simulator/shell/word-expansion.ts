import { messageOf } from '../../model/error.ts';
import { evaluated } from './arithmetic.ts';
import { Exit } from './host.ts';
import type { Script } from './syntax.ts';
import type { Word } from './tokens.ts';

/** Where words get their values from. */
export interface Scope {
  readonly valueOf: (variable: string) => string;
  /** What a script prints. */
  readonly outputOf: (script: Script) => Promise<string>;
}

/**
 * What the words of a script become. A mistake in an arithmetic expression is told to `error` and ends the process: a shell does
 * not outlive that.
 */
export async function expandWords(
  words: readonly Word[],
  scope: Scope,
  error: (bytes: Uint8Array) => void,
): Promise<readonly string[]> {
  const fields: string[] = [];
  try {
    for (const word of words) fields.push(...(await expanded(word, scope)));
  } catch (problem) {
    if (problem instanceof Exit) throw problem;
    error(Buffer.from(`sh: ${messageOf(problem)}\n`));
    throw new Exit(2);
  }
  return fields;
}

/** The fields of one word: unquoted values are cut at white space, and leave nothing when they are empty. */
async function expanded({ parts, quoted }: Word, { valueOf, outputOf }: Scope): Promise<readonly string[]> {
  const fields: string[] = [];
  let field: string | undefined = quoted ? '' : undefined;
  for (const part of parts) {
    if (part.kind === 'text') field = (field ?? '') + part.text;
    else if (part.kind === 'arithmetic') field = (field ?? '') + String(evaluated(part.expression, valueOf));
    else {
      const value = part.kind === 'variable' ? valueOf(part.name) : await outputOf(part.script);
      if (part.quoted) {
        field = (field ?? '') + value;
        continue;
      }
      const [head = '', ...rest] = value.split(/[ \t\n]+/);
      field = field === undefined && head === '' ? undefined : (field ?? '') + head;
      for (const next of rest) {
        if (field !== undefined) fields.push(field);
        field = next === '' ? undefined : next;
      }
    }
  }
  return field === undefined ? fields : [...fields, field];
}
