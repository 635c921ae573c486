import { z } from 'zod';
import type { StatusResponse } from '../cri/messages.ts';
import type { Feature } from '../model/target.ts';

/** The CNI configuration as containerd tells it in Status(verbose).info, as far as it is asked here. */
const cniSchema = z.object({
  Networks: z.array(
    z.object({
      Config: z.object({
        Plugins: z.array(
          z.object({
            Network: z.object({
              type: z.string(),
              capabilities: z.record(z.string(), z.boolean()).nullish(),
            }),
          }),
        ),
      }),
    }),
  ),
});

/**
 * Whether pods can have ports of their host (`host-ports`). A runtime that leaves them to the plug-ins of its CNI
 * configuration, as containerd does, needs one there that takes port mappings; one that tells of no such configuration maps them itself.
 */
export function probeHostPorts({ info }: StatusResponse): Feature {
  const name = 'host-ports';
  const plugins = cniPlugins(info['cniconfig']);
  if (plugins === undefined) return { name, present: true, detail: 'Status tells of no CNI plug-ins to leave them to' };
  const mapping = plugins.filter(({ capabilities }) => capabilities?.['portMappings'] === true).map(({ type }) => type);
  return mapping.length > 0
    ? { name, present: true, detail: `the CNI plug-in ${mapping.join(', ')} takes port mappings` }
    : { name, present: false, detail: 'no plug-in of the CNI configuration takes port mappings' };
}

type CniPlugin = z.infer<typeof cniSchema>['Networks'][number]['Config']['Plugins'][number]['Network'];

function cniPlugins(json: string | undefined): readonly CniPlugin[] | undefined {
  if (json === undefined) return undefined;
  try {
    const { Networks } = cniSchema.parse(JSON.parse(json));
    return Networks.flatMap(({ Config }) => Config.Plugins.map(({ Network }) => Network));
  } catch {
    return undefined;
  }
}
