import type { StatusResponse } from '../cri/messages.ts';
import type { Feature } from '../model/target.ts';

/**
 * What Status declares, of the runtime (`supplemental-groups-policy`) and of the handler that is used (`user-namespaces`,
 * `recursive-read-only-mounts`). Runtimes of before Kubernetes 1.30 declare nothing, and then nothing is there.
 * @param handler as given to RunPodSandbox: empty for the default one, which Status names by an empty name too
 */
export function declaredFeatures({ runtimeHandlers, features }: StatusResponse, handler: string): readonly Feature[] {
  const entry = runtimeHandlers.find(({ name }) => name === handler);
  const whose = handler === '' ? 'the default handler' : `the handler ${handler}`;
  const ofHandler = (name: string, declared: boolean | undefined): Feature => ({
    name,
    present: declared === true,
    detail: entry === undefined ? `Status says nothing of ${whose}` : `Status.runtime_handlers says so of ${whose}`,
  });
  return [
    ofHandler('user-namespaces', entry?.features?.userNamespaces),
    ofHandler('recursive-read-only-mounts', entry?.features?.recursiveReadOnlyMounts),
    {
      name: 'supplemental-groups-policy',
      present: features?.supplementalGroupsPolicy === true,
      detail: features === undefined ? 'Status has no features' : 'as Status.features says',
    },
  ];
}
