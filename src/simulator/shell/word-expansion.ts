import { evaluated } from './arithmetic.ts';
import type { Word } from './tokens.ts';

/**
 * The fields that a word becomes: unquoted variables are cut at white space, and leave nothing when they are empty.
 * @throws Error on an arithmetic expression that is not understood.
 */
export function expanded({ parts, quoted }: Word, valueOf: (variable: string) => string): readonly string[] {
  const fields: string[] = [];
  let field: string | undefined = quoted ? '' : undefined;
  for (const part of parts) {
    if (part.kind === 'text') field = (field ?? '') + part.text;
    else if (part.quoted || part.kind === 'arithmetic') {
      const value = part.kind === 'variable' ? valueOf(part.name) : String(evaluated(part.expression, valueOf));
      field = (field ?? '') + value;
    } else {
      const [head = '', ...rest] = valueOf(part.name).split(/[ \t\n]+/);
      field = field === undefined && head === '' ? undefined : (field ?? '') + head;
      for (const next of rest) {
        if (field !== undefined) fields.push(field);
        field = next === '' ? undefined : next;
      }
    }
  }
  return field === undefined ? fields : [...fields, field];
}
