import { defineCase } from '../../src/kit/case.ts';
import type { ContainerDeviation } from '../../src/kit/container-config.ts';
import type { ObservationDeclaration } from '../../src/model/observation.ts';
import { capabilitiesOfRuntime, capabilityNames, capabilitySets, eachSet, mask, onlyThese } from './capability.ts';
import { expectRefusal, expectSuccess, tried } from './printed.ts';

const needs = ['processes', 'host-files'];
const status = 'cat /proc/1/status';

/** What a container's config says of capabilities. */
function withCapabilities(capabilities: {
  readonly addCapabilities?: string[];
  readonly dropCapabilities?: string[];
  readonly addAmbientCapabilities?: string[];
}): ContainerDeviation {
  return { linux: { securityContext: { capabilities } } };
}

export const observationKeys: ObservationDeclaration[] = [
  {
    key: 'process.capability-added-and-dropped',
    meaning: 'which of the two wins when a pod adds a capability and drops it: policies that merge lists of both',
    stability: 'exact',
    source: 'source: containerd 1.6 adds first and drops then; the proto gives no order',
  },
  {
    key: 'process.capabilities-of-user',
    meaning:
      'what an added and an ambient capability come to for a process that is not root: a web server on port 80 without root',
    stability: 'exact',
    source: 'source: CRI-O sets add_ambient_capabilities (KEP-2763), containerd 1.6 leaves them out',
  },
];

export const cases = [
  defineCase({
    id: 'container/capabilities/added',
    title: 'gives a container the capability that it adds, and none to its neighbour',
    level: 'required',
    rpcs: ['CreateContainer', 'StartContainer'],
    basis: [
      { kind: 'proto', text: 'Capability.add_capabilities: those to be added' },
      { kind: 'kubelet', text: 'sends what a container’s securityContext.capabilities.add has' },
    ],
    critest: ['SC-10#in-force'],
    needs,
    async run(context) {
      const { given, expect } = context;
      const pod = await given.sharedPodSandbox();
      const adding = { status, address: 'ip address add 127.1.2.3/32 dev lo' };
      const added = await tried(context, pod, adding, withCapabilities({ addCapabilities: ['NET_ADMIN'] }));
      const plain = await tried(context, pod, { status, address: 'ip address add 127.1.2.4/32 dev lo' });
      expectSuccess(context, 'in-force', added.address, 'with NET_ADMIN an address is added to an interface');
      expect.equal<unknown>(
        'exactly',
        capabilitySets(added.status.text),
        eachSet(capabilitySets(plain.status.text), (names) => [...new Set([...names, 'NET_ADMIN'])].sort()),
        'the capabilities beside those of a container that adds none',
      );
      expectRefusal(
        context,
        'neighbour',
        plain.address,
        'Operation not permitted',
        'a container beside it that adds none is refused to',
      );
    },
  }),

  defineCase({
    id: 'container/capabilities/dropped',
    title: 'takes the capabilities from a container that it drops, and no others',
    level: 'required',
    rpcs: ['CreateContainer', 'StartContainer'],
    basis: [
      { kind: 'proto', text: 'Capability.drop_capabilities: those to be taken away' },
      { kind: 'kubelet', text: 'sends what a container’s securityContext.capabilities.drop has' },
    ],
    critest: ['SC-11#refused'],
    needs,
    async run(context) {
      const { given, expect } = context;
      const pod = await given.sharedPodSandbox();
      const names = ['CHOWN', 'NET_RAW'];
      const attempts = { status, owner: 'touch /tmp/mine && chown 1234 /tmp/mine' };
      const dropped = await tried(context, pod, attempts, withCapabilities({ dropCapabilities: names }));
      const keeping = await tried(context, pod, attempts, withCapabilities({ addCapabilities: names }));
      expectRefusal(
        context,
        'refused',
        dropped.owner,
        'Operation not permitted',
        'without CHOWN a file is given to nobody else',
      );
      expectSuccess(context, 'neighbour', keeping.owner, 'a container beside it that has CHOWN gives a file away');
      expect.equal<unknown>(
        'exactly',
        capabilitySets(dropped.status.text),
        eachSet(capabilitySets(keeping.status.text), (all) => all.filter((name) => !names.includes(name))),
        'the capabilities beside those of a container that has both',
      );
    },
  }),

  defineCase({
    id: 'container/capabilities/add-all',
    title: 'gives a container that adds ALL every capability that the runtime has itself',
    level: 'required',
    rpcs: ['CreateContainer', 'StartContainer'],
    basis: [{ kind: 'proto', text: 'Capability.add_capabilities: ALL stands for every capability' }],
    critest: ['SC-12#all'],
    needs: [...needs, 'runtime-process'],
    async run(context) {
      const { given, expect, target } = context;
      const added = withCapabilities({ addCapabilities: ['ALL'] });
      const { status: seen } = await tried(context, await given.sharedPodSandbox(), { status }, added);
      expect.equal<unknown>(
        'all',
        capabilitySets(seen.text),
        onlyThese(capabilitiesOfRuntime(target)),
        'the capabilities of the container, beside those of the runtime’s own process',
      );
    },
  }),

  defineCase({
    id: 'container/capabilities/drop-all-but-one',
    title: 'leaves a container that drops ALL and adds one this one alone',
    level: 'required',
    rpcs: ['CreateContainer', 'StartContainer'],
    basis: [
      { kind: 'proto', text: 'Capability: ALL among drop_capabilities, and names among add_capabilities' },
      {
        kind: 'kubelet',
        text: 'the restricted Pod Security Standard wants ALL dropped and allows NET_BIND_SERVICE to be added',
      },
    ],
    needs,
    async run(context) {
      const { given, expect, observe } = context;
      const pod = await given.sharedPodSandbox();
      const one = withCapabilities({ addCapabilities: ['NET_BIND_SERVICE'], dropCapabilities: ['ALL'] });
      const { status: seen } = await tried(context, pod, { status }, one);
      expect.equal<unknown>(
        'alone',
        capabilitySets(seen.text),
        onlyThese(['NET_BIND_SERVICE']),
        'the capabilities of the container',
      );
      const both = withCapabilities({ addCapabilities: ['NET_ADMIN'], dropCapabilities: ['NET_ADMIN'] });
      const { status: contrary } = await tried(context, pod, { status }, both);
      const has = capabilitySets(contrary.text).effective.includes('NET_ADMIN');
      observe('process.capability-added-and-dropped', has ? 'it is added' : 'it is dropped');
    },
  }),

  defineCase({
    id: 'container/capabilities/of-user',
    title: 'leaves a container that is not root an added capability to be gained by programs that carry it',
    level: 'specified',
    rpcs: ['CreateContainer', 'StartContainer'],
    basis: [
      { kind: 'proto', text: 'Capability.add_capabilities: those to be added, whoever the user is' },
      { kind: 'kep', text: 'KEP-2763: the bounding set has it, the effective set only where it is ambient too' },
    ],
    needs,
    async run(context) {
      const { given, expect, observe } = context;
      const names = ['NET_ADMIN'];
      const user = {
        linux: {
          securityContext: {
            runAsUser: { value: 1234n },
            capabilities: { addCapabilities: names, addAmbientCapabilities: names },
          },
        },
      };
      const { status: seen } = await tried(context, await given.sharedPodSandbox(), { status }, user);
      const { bounding, effective } = capabilitySets(seen.text);
      expect.that('bounding', bounding.includes('NET_ADMIN'), 'the bounding set has the capability that was added', {
        expected: 'NET_ADMIN',
        actual: bounding,
      });
      observe('process.capabilities-of-user', {
        effective,
        ambient: capabilityNames(mask(seen.text, 'CapAmb') ?? 0n),
      });
    },
  }),
];
