import { z } from 'zod';
import { resultSchema, schemaVersion } from '../../src/model/result.ts';

/**
 * Prints the JSON Schema of result.json, made from the model; what it prints is committed beside this file.
 * Fields that it does not name are allowed: a later crible of the same schema version may add some.
 */
const schema = {
  title: 'crible result',
  description: `Everything that a run of crible found out; schema version ${String(schemaVersion)}.`,
  ...z.toJSONSchema(resultSchema, { io: 'input' }),
};
process.stdout.write(`${JSON.stringify(schema, null, 2)}\n`);
