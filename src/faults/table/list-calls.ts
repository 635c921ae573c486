import { ContainerState, PodSandboxState } from '../../cri/messages.ts';
import { refuses } from '../combinators.ts';
import { fromNth } from '../counted.ts';
import { fault } from '../fault.ts';
import type { Fault } from '../fault.ts';

/*
 * Lists that are refused for one sort of filter. A case lists several times, each time an expectation of its own, and by a
 * group that is a label of its objects alone.
 */

interface Filter {
  readonly labelSelector: Readonly<Record<string, string>>;
}

/** The group of a filter; none for one that asks for a group which nobody has. */
function groupOf({ filter }: { readonly filter?: Filter | undefined }): string | undefined {
  const group = filter?.labelSelector['group'];
  return group === 'none' ? undefined : group;
}

const nobody = /^f{64}$/;

export const listCallFaults: readonly Fault[] = [
  ofGroup(2, [
    'pod-sandbox/list/by-labels#one-list',
    'pod-sandbox/list/combines-filters#other-state-list',
    'container/list/by-labels#one-list',
    'container/list/combines-filters#other-id-list',
    'container-stats/list/by-labels#one-list',
    'container-stats/list/combines-filters#other-id-list',
    'pod-sandbox-stats/list/by-labels#one-list',
  ]),
  ofGroup(3, [
    'pod-sandbox/list/by-labels#other-value-list',
    'pod-sandbox/list/combines-filters#other-id-list',
    'container/list/by-labels#other-value-list',
    'container/list/combines-filters#other-sandbox-list',
    'container-stats/list/by-labels#other-value-list',
    'container-stats/list/combines-filters#other-sandbox-list',
    'pod-sandbox-stats/list/by-labels#other-value-list',
  ]),
  ofGroup(4, [
    'pod-sandbox/list/combines-filters#without-id-list',
    'pod-sandbox/list/by-labels#other-key-list',
    'container/list/by-labels#other-key-list',
    'container/list/combines-filters#other-state-list',
    'container-stats/list/by-labels#other-key-list',
    'pod-sandbox-stats/list/by-labels#with-id-list',
  ]),
  ofGroup(5, [
    'pod-sandbox/list/combines-filters#other-state-without-id-list',
    'pod-sandbox-stats/list/by-labels#with-other-id-list',
  ]),
  fault({
    name: 'lists-of-an-unknown-group-refused',
    breaks: 'a list by a label that nothing has succeeds',
    kills: [
      'pod-sandbox/list/combines-filters#other-label-list',
      'container/list/combines-filters#other-label-list',
      'container-stats/list/combines-filters#other-label-list',
    ],
    how: (['ListPodSandbox', 'ListContainers', 'ListContainerStats'] as const).map((rpc) =>
      refuses(rpc, 'Internal', ({ filter }) => filter?.labelSelector['group'] === 'none'),
    ),
  }),
  fault({
    name: 'lists-of-unknown-ids-refused',
    breaks: 'a list of the statistics of an unknown id, or of the containers of an unknown sandbox, succeeds',
    kills: [
      'container/list/unknown-id#list-by-sandbox',
      'container-stats/list/by-id#list-unknown',
      'pod-sandbox-stats/list/by-id#list-unknown',
    ],
    how: [
      refuses('ListContainers', 'NotFound', ({ filter }) => nobody.test(filter?.podSandboxId ?? '')),
      refuses('ListContainerStats', 'NotFound', ({ filter }) => nobody.test(filter?.id ?? '')),
      refuses('ListPodSandboxStats', 'NotFound', ({ filter }) => nobody.test(filter?.id ?? '')),
    ],
  }),
  fault({
    name: 'lists-of-the-second-state-refused',
    breaks: 'a list by a state whose number is 1 succeeds',
    kills: ['pod-sandbox/list/by-state#not-ready-list', 'container/list/by-state#running-list'],
    how: [
      refuses('ListPodSandbox', 'Internal', ({ filter }) => filter?.state?.state === PodSandboxState.SANDBOX_NOTREADY),
      refuses('ListContainers', 'Internal', ({ filter }) => filter?.state?.state === ContainerState.CONTAINER_RUNNING),
    ],
  }),
  fault({
    name: 'list-of-exited-containers-refused',
    breaks: 'ListContainers of those that have exited succeeds',
    kills: ['container/list/by-state#exited-list'],
    how: refuses(
      'ListContainers',
      'Internal',
      ({ filter }) => filter?.state?.state === ContainerState.CONTAINER_EXITED,
    ),
  }),
  fault({
    name: 'lists-by-an-empty-filter-refused',
    breaks: 'a list by a filter in which nothing is set succeeds',
    kills: [
      'pod-sandbox/list/without-filter#empty-filter-list',
      'container/list/agrees-with-status#list-all',
      'container/list/by-state#any-list',
      'container-stats/list/without-filter#empty-filter-list',
    ],
    how: (['ListPodSandbox', 'ListContainers', 'ListContainerStats'] as const).map((rpc) =>
      refuses(rpc, 'Internal', ({ filter }) => {
        if (filter === undefined) return false;
        const state = 'state' in filter ? filter.state : undefined;
        return filter.id === '' && state === undefined && Object.keys(filter.labelSelector).length === 0;
      }),
    ),
  }),
];

/** Refused from the nth list of a group on; lists of different things are counted each by themselves. */
function ofGroup(nth: number, kills: readonly string[]): Fault {
  const counting = { ...{ nth, objectOf: groupOf }, instead: 'refused' } as const;
  return fault({
    name: `lists-of-a-group-refused-${String(nth)}`,
    breaks: `lists by the label of a group succeed, also the ${['second', 'third', 'fourth', 'fifth'][nth - 2] ?? ''} time`,
    kills,
    rpcs: ['ListPodSandbox', 'ListContainers', 'ListContainerStats', 'ListPodSandboxStats'],
    how: () => [
      fromNth({ rpc: 'ListPodSandbox', ...counting }),
      fromNth({ rpc: 'ListContainers', ...counting }),
      fromNth({ rpc: 'ListContainerStats', ...counting }),
      fromNth({ rpc: 'ListPodSandboxStats', ...counting }),
    ],
  });
}
