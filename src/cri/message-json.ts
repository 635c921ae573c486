import { createRegistry } from '@bufbuild/protobuf';
import type { DescField, DescMessage, Message } from '@bufbuild/protobuf';
import { reflect } from '@bufbuild/protobuf/reflect';
import type { ReflectMessage } from '@bufbuild/protobuf/reflect';
import { bytesJson } from './bytes-json.ts';
import { AuthConfigSchema, file_api } from './gen/api_pb.js';
import { infoJson, removed } from './redaction.ts';
import type { Json, Scrub } from './redaction.ts';

const registry = createRegistry(file_api);

/**
 * A message as protobuf's own JSON mapping has it (lowerCamel names, enums by name, 64-bit integers as strings, unset
 * fields left out), but for four things: bytes fields are digests, credentials are removed, the verbose answers' info
 * is unfolded, and `$unknown` lists the numbers of fields that the proto does not know.
 */
export function messageJson(message: Message, scrub: Scrub): Json {
  const schema = registry.getMessage(message.$typeName);
  if (schema === undefined) throw new TypeError(`${message.$typeName} is not a message of the CRI`);
  return reflectedJson(reflect(schema, message, false), scrub);
}

function reflectedJson(message: ReflectMessage, scrub: Scrub): Json {
  const entries = message.fields
    .filter((field) => message.isSet(field))
    .map((field): [string, Json] => [
      field.jsonName,
      isSecret(message.desc, field) ? removed : fieldJson(message, field, scrub),
    ]);
  const unknown = message.getUnknown()?.map(({ no }) => no) ?? [];
  return Object.fromEntries(unknown.length > 0 ? [...entries, ['$unknown', unknown]] : entries);
}

function fieldJson(message: ReflectMessage, field: DescField, scrub: Scrub): Json {
  switch (field.fieldKind) {
    case 'scalar':
      return scalarJson(message.get(field), scrub);
    case 'enum':
      return enumJson(field.enum, message.get(field));
    case 'message':
      return reflectedJson(message.get(field), scrub);
    case 'list':
      return Array.from(message.get(field), (item) => itemJson(field, item, scrub));
    case 'map': {
      const asJson = isInfo(field) ? infoJson : undefined;
      return Object.fromEntries(
        Array.from(message.get(field), ([key, value]): [string, Json] => [
          scrub(String(key)),
          asJson && typeof value === 'string' ? asJson(value, scrub) : itemJson(field, value, scrub),
        ]),
      );
    }
  }
}

function itemJson(field: DescField & { fieldKind: 'list' | 'map' }, item: unknown, scrub: Scrub): Json {
  if (field.message) return reflectedJson(item as ReflectMessage, scrub);
  if (field.enum) return enumJson(field.enum, item as number);
  return scalarJson(item, scrub);
}

function enumJson(desc: DescField['enum'], value: number): Json {
  return desc?.value[value]?.name ?? value;
}

function scalarJson(value: unknown, scrub: Scrub): Json {
  if (value instanceof Uint8Array) return bytesJson(value, scrub);
  if (typeof value === 'string') return scrub(value);
  if (typeof value === 'boolean') return value;
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  return String(value);
}

/** Every field of AuthConfig but the address of the registry is a credential. */
function isSecret(desc: DescMessage, field: DescField): boolean {
  return desc.typeName === AuthConfigSchema.typeName && field.localName !== 'serverAddress';
}

/** The map that verbose answers carry their runtime's own JSON in. */
function isInfo(field: DescField): boolean {
  return field.name === 'info' && field.parent.name.endsWith('Response');
}
