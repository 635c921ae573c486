import { readFileSync } from 'node:fs';
import { parseAllDocuments } from 'yaml';
import { z } from 'zod';
import { messageOf, UsageError } from '../model/error.ts';
import { kubeletConfigurationSchema } from '../model/kubelet-configuration.ts';
import type { KubeletConfiguration } from '../model/kubelet-configuration.ts';

const advice = 'give the file that the kubelet is started with, often /var/lib/kubelet/config.yaml';

const kindSchema = z.object({
  apiVersion: z.string().startsWith('kubelet.config.k8s.io/'),
  kind: z.literal('KubeletConfiguration'),
});

/** Defaults are those of kubelet.config.k8s.io/v1beta1; an empty word means the default there, too. */
const fileSchema = z.object({
  cgroupDriver: z.preprocess(
    (given) => (given === '' || given === null ? undefined : given),
    kubeletConfigurationSchema.shape.cgroupDriver.default('cgroupfs'),
  ),
});

/**
 * Reads what matters of a file that holds a KubeletConfiguration, alone or among other YAML documents.
 * @throws UsageError when it cannot be read or holds none, or one that no kubelet would take
 */
export function readKubeletConfiguration(path: string): KubeletConfiguration {
  const found = readDocuments(path).filter((document) => kindSchema.safeParse(document).success);
  const [configuration] = found;
  if (configuration === undefined) throw new UsageError(`${path}: it holds no KubeletConfiguration`, advice);
  if (found.length > 1) throw new UsageError(`${path}: it holds more than one KubeletConfiguration`, advice);
  const read = fileSchema.safeParse(configuration);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  throw new UsageError(`${path}: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'it cannot be read'}`, advice);
}

function readDocuments(path: string): readonly unknown[] {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new UsageError(`cannot read the kubelet's configuration: ${messageOf(error)}`, advice);
  }
  const documents = parseAllDocuments(text);
  return documents.map((document): unknown => {
    const [error] = document.errors;
    if (error) throw new UsageError(`${path}: ${error.message}`, advice);
    const read: unknown = document.toJS();
    return read;
  });
}
