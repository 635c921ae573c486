import { readFileSync } from 'node:fs';
import { parseDocument } from 'yaml';
import { z } from 'zod';
import { messageOf, UsageError } from '../model/error.ts';
import { closest } from '../model/glob.ts';

/** Option values as yargs takes them from a file: as if each had been typed. */
export type Configuration = Record<string, string | string[]>;

const scalar = z.union([z.string(), z.number(), z.boolean()]).transform(String);
const value = z.union([scalar, z.array(scalar)]);

/**
 * Reads a YAML file of option values, keyed by the options' names.
 * @throws UsageError when it cannot be read, or has a key that is no option, or a value that nobody could type
 */
export function readConfigFile(path: string, names: readonly string[]): Configuration {
  const document = z.record(z.string(), z.unknown()).safeParse(parseYaml(path) ?? {});
  if (!document.success) throw new UsageError(`${path}: it is not a mapping of option names to values`);
  const entries = Object.entries(document.data).map(([key, given]) => {
    if (!names.includes(key)) {
      const [like = ''] = closest(key, names);
      throw new UsageError(
        `${path}: there is no option '${key}'`,
        `did you mean ${like}? A file may hold: ${names.join(', ')}`,
      );
    }
    const read = value.safeParse(given);
    if (!read.success)
      throw new UsageError(`${path}: ${key}: it is neither a word, a number, true or false, nor a list of those`);
    return [key, read.data] as const;
  });
  return Object.fromEntries(entries);
}

function parseYaml(path: string): unknown {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new UsageError(`cannot read the configuration: ${messageOf(error)}`);
  }
  const document = parseDocument(text);
  const [error] = document.errors;
  if (error) throw new UsageError(`${path}: ${error.message}`);
  return document.toJS();
}
