import { answer } from './combinators.ts';
import type { Break } from './break.ts';
import { outputFields } from './rpc.ts';
import type { Field, UnaryRpc } from './rpc.ts';

/** What is put into a field: text that breaks out of where it is shown, numbers from before time; far too much; nothing. */
export const absurdities = ['hostile', 'huge', 'empty'] as const;
export type Absurdity = (typeof absurdities)[number];

/** Would colour a terminal, end a CDATA section, run in a page, break a table and a line, and turn the writing around. */
export const hostileText = '\u001b[31m\u0007]]>--><script>alert(1)</script>"\'|`\n\u202e';
const hugeBytes = 1024 * 1024;
const mostElements = 10_000;

/** Every field of an answer, those of messages in it as well: `status.metadata.name`. */
export function fieldPaths(rpc: UnaryRpc): readonly string[] {
  return pathsBelow(outputFields(rpc), '', []);
}

function pathsBelow(fields: readonly Field[], prefix: string, above: readonly string[]): readonly string[] {
  return fields.flatMap((field) => {
    const path = `${prefix}${field.localName}`;
    const below = field.message;
    if (below === undefined || above.includes(below.typeName)) return [path];
    return [path, ...pathsBelow(below.fields, `${path}.`, [...above, below.typeName])];
  });
}

/** Puts something absurd into one field of the answers to an RPC, whatever the runtime says there. */
export function absurd(rpc: UnaryRpc, path: string, absurdity: Absurdity): Break {
  const names = path.split('.');
  return answer(rpc, (message) => {
    put(message, outputFields(rpc), names, absurdity);
  });
}

/** A message by the names of its fields. */
type Fields = Record<string, unknown>;

function put(message: Fields, fields: readonly Field[], [name = '', ...rest]: readonly string[], how: Absurdity): void {
  const field = fields.find(({ localName }) => localName === name);
  if (field === undefined) return;
  if (rest.length === 0) {
    message[name] = absurdValue(field, message[name], how);
  } else if (field.message !== undefined) {
    for (const below of messagesIn(message[name])) put(below, field.message.fields, rest, how);
  }
}

/** One message, those of a list, or the values of a map. */
function messagesIn(value: unknown): readonly Fields[] {
  if (typeof value !== 'object' || value === null) return [];
  if (Array.isArray(value)) return value as Fields[];
  return '$typeName' in value ? [value] : (Object.values(value) as Fields[]);
}

function absurdValue(field: Field, value: unknown, how: Absurdity): unknown {
  switch (field.fieldKind) {
    case 'scalar':
      return absurdScalar(value, how);
    case 'enum':
      return how === 'empty' ? 0 : how === 'huge' ? 2 ** 31 - 1 : -1;
    case 'message':
      return how === 'empty' ? undefined : value;
    case 'list': {
      const list = value as unknown[];
      if (how === 'empty') return [];
      if (how === 'huge') return list.length === 0 ? [] : Array.from({ length: mostElements }, () => list[0]);
      return field.listKind === 'message' ? list.toReversed() : list.map((one) => absurdScalar(one, how));
    }
    case 'map': {
      if (how === 'empty' || field.mapKind !== 'scalar') return {};
      const entries = Object.entries(value as Fields).map(([key, one]) => [key, absurdScalar(one, how)]);
      return Object.fromEntries([...entries, [how === 'huge' ? 'x'.repeat(hugeBytes) : hostileText, 'added']]);
    }
  }
}

function absurdScalar(value: unknown, how: Absurdity): unknown {
  switch (typeof value) {
    case 'string':
      return how === 'empty' ? '' : how === 'huge' ? 'x'.repeat(hugeBytes) : `${value}${hostileText}`;
    case 'bigint':
      return how === 'empty' ? 0n : how === 'huge' ? (1n << 63n) - 1n : -1n;
    case 'number':
      return how === 'empty' ? 0 : how === 'huge' ? 2 ** 31 - 1 : -1;
    case 'boolean':
      return !value;
    default:
      return how === 'huge' ? new Uint8Array(hugeBytes) : Uint8Array.from(how === 'empty' ? [] : [0xff, 0xfe, 0]);
  }
}
