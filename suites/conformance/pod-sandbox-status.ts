import { isIP } from 'node:net';
import { NamespaceMode } from '../../src/cri/messages.ts';
import { defineCase } from '../../src/kit/case.ts';
import { earliestNs, listPodSandboxes, nobody, notJson, ours, podSandboxStatus } from './ask.ts';

export const cases = [
  defineCase({
    id: 'pod-sandbox/status/metadata',
    title: 'returns the metadata of a sandbox as it was given',
    level: 'required',
    rpcs: ['PodSandboxStatus'],
    basis: [
      { kind: 'proto', text: 'PodSandboxStatus.metadata: that of the sandbox config' },
      { kind: 'kubelet', text: 'finds out by it which pod a sandbox belongs to and which attempt it is' },
    ],
    critest: ['PS-4#metadata'],
    async run(context) {
      const { given, expect } = context;
      const { id, config } = await given.podSandbox({ metadata: { attempt: 3 } });
      const { metadata } = await podSandboxStatus(context, id);
      expect.equal('metadata', metadata, config.metadata, 'PodSandboxStatus.metadata');
    },
  }),

  defineCase({
    id: 'pod-sandbox/status/labels',
    revision: 2,
    title: 'returns the labels of a sandbox',
    level: 'required',
    rpcs: ['PodSandboxStatus'],
    basis: [
      { kind: 'proto', text: 'PodSandboxStatus.labels: those of the sandbox config' },
      { kind: 'kubelet', text: 'tells pods of its own from others, and their uids, by labels of the sandbox' },
    ],
    critest: ['PS-4#labels'],
    async run(context) {
      const { given, expect } = context;
      // Names and values of labels may have 63 characters.
      const longest = { [`crible.example/${'n'.repeat(63)}`]: 'v'.repeat(63) };
      const labels = { 'crible.example/empty': '', 'crible.example/text': 'A.b-c_1', plain: '0', ...longest };
      const { id, config } = await given.podSandbox({ labels });
      const status = await podSandboxStatus(context, id);
      expect.equal('labels', ours(config.labels, status.labels), config.labels, 'the labels that were sent');
    },
  }),

  defineCase({
    id: 'pod-sandbox/status/annotations',
    revision: 2,
    title: 'returns the annotations of a sandbox and no others',
    level: 'specified',
    rpcs: ['PodSandboxStatus'],
    basis: [
      { kind: 'proto', text: 'PodSandboxStatus.annotations: the same as in the config that the sandbox was made with' },
    ],
    critest: ['PS-4#annotations'],
    async run(context) {
      const { given, expect } = context;
      const annotations: Record<string, string> = {
        'crible.example/json': '{"a": ["b c", "\\n"]}',
        'crible.example/text': 'zwei\nlänger=ja',
        'crible.example/empty': '',
        'crible.example/long': 'last-applied-configuration '.repeat(300),
      };
      const namesake = { 'crible.example/text': 'label' };
      const { id } = await given.podSandbox({ annotations, labels: namesake });
      const status = await podSandboxStatus(context, id);
      expect.equal('annotations', status.annotations, annotations, 'PodSandboxStatus.annotations');
      const label = ours(namesake, status.labels);
      expect.equal('label-of-same-name', label, namesake, 'a label with the key of an annotation');
    },
  }),

  defineCase({
    id: 'pod-sandbox/status/created-at',
    title: 'keeps the time of creation of a sandbox, in nanoseconds, the same in status and list, ready and stopped',
    level: 'required',
    rpcs: ['PodSandboxStatus', 'ListPodSandbox'],
    basis: [
      { kind: 'proto', text: 'PodSandboxStatus.created_at: in nanoseconds, greater than 0' },
      { kind: 'kubelet', text: 'orders the sandboxes of a pod by it and takes the newest for the current one' },
    ],
    async run(context) {
      const { given, expect } = context;
      const pod = await given.podSandbox();
      const { createdAt } = await podSandboxStatus(context, pod.id);
      expect.that('in-nanoseconds', createdAt > earliestNs, 'created_at is a time in nanoseconds', {
        expected: `more than ${String(earliestNs)}`,
        actual: createdAt,
      });
      const [item] = await listPodSandboxes(context, { id: pod.id });
      expect.equal('same-in-list', item?.createdAt, createdAt, 'created_at of the list entry');
      await given.stop(pod);
      const stopped = await podSandboxStatus(context, pod.id, 'status-when-stopped');
      expect.equal('same-when-stopped', stopped.createdAt, createdAt, 'created_at after StopPodSandbox');
    },
  }),

  defineCase({
    id: 'pod-sandbox/status/address',
    revision: 2,
    title: 'reports an address of its own for each sandbox with a pod network',
    level: 'required',
    rpcs: ['PodSandboxStatus'],
    basis: [
      { kind: 'proto', text: 'PodSandboxNetworkStatus.ip: the address of the sandbox; additional_ips: its others' },
      { kind: 'kubelet', text: 'makes them the pod’s IPs; a ready sandbox without one is replaced' },
    ],
    needs: ['condition:NetworkReady'],
    async run(context) {
      const { given, expect } = context;
      const pods = [await given.podSandbox(), await given.podSandbox()] as const;
      const { network } = await podSandboxStatus(context, pods[0].id, 'first-status');
      const first = network?.ip ?? '';
      const second = (await podSandboxStatus(context, pods[1].id, 'second-status')).network?.ip ?? '';
      expect.that('is-address', isIP(first) !== 0, 'network.ip is an IP address', {
        expected: 'an IPv4 or IPv6 address',
        actual: first,
      });
      const additional = (network?.additionalIps ?? []).map(({ ip }) => ip);
      const all = [first, ...additional];
      const wrong = additional.filter((ip, place) => isIP(ip) === 0 || all.indexOf(ip) <= place);
      expect.equal('additional', wrong, [], 'network.additional_ips that are no addresses, or were told before');
      expect.that('differs', first !== second, 'another sandbox has another address', {
        expected: `not ${first}`,
        actual: second,
      });
    },
  }),

  defineCase({
    id: 'pod-sandbox/status/namespace-options',
    revision: 2,
    title: 'reports the namespaces of a sandbox as they were asked for',
    level: 'required',
    rpcs: ['PodSandboxStatus'],
    basis: [
      { kind: 'proto', text: 'PodSandboxStatus.linux.namespaces.options: the namespace options of the sandbox' },
      { kind: 'kubelet', text: 'replaces a sandbox whose network mode is not the one that its pod asks for' },
    ],
    async run(context) {
      const { given, expect } = context;
      // The kubelet gives a pod on the host’s network no hostname: the host has one.
      const { id } = await given.podSandbox({
        hostname: '',
        linux: { securityContext: { namespaceOptions: { network: NamespaceMode.NODE } } },
      });
      const { linux } = await podSandboxStatus(context, id);
      const options = expect.present('options-set', linux?.namespaces?.options, 'linux.namespaces.options');
      expect.equal(
        'options',
        [options.network, options.pid, options.ipc].map((mode) => NamespaceMode[mode]),
        ['NODE', 'CONTAINER', 'POD'],
        'the modes of network, pid and ipc',
      );
      const others = { pid: NamespaceMode.NODE, ipc: NamespaceMode.NODE };
      const other = await given.podSandbox({ linux: { securityContext: { namespaceOptions: others } } });
      const status = await podSandboxStatus(context, other.id);
      const told = expect.present('options-set', status.linux?.namespaces?.options, 'linux.namespaces.options');
      expect.equal(
        'others',
        [told.network, told.pid, told.ipc].map((mode) => NamespaceMode[mode]),
        ['POD', 'NODE', 'NODE'],
        'the modes of network, pid and ipc of a sandbox that has the others',
      );
    },
  }),

  defineCase({
    id: 'pod-sandbox/status/runtime-handler',
    title: 'reports the runtime handler of a sandbox',
    level: 'specified',
    rpcs: ['PodSandboxStatus', 'ListPodSandbox'],
    basis: [
      { kind: 'proto', text: 'runtime_handler of PodSandboxStatus and PodSandbox: the one that the sandbox runs on' },
    ],
    needs: ['runtime-handler'],
    async run(context) {
      const { given, expect, target } = context;
      const { id } = await given.podSandbox();
      const status = await podSandboxStatus(context, id);
      expect.equal('in-status', status.runtimeHandler, target.handler, 'PodSandboxStatus.runtime_handler');
      const [item] = await listPodSandboxes(context, { id });
      expect.equal('in-list', item?.runtimeHandler, target.handler, 'PodSandbox.runtime_handler in the list');
    },
  }),

  defineCase({
    id: 'pod-sandbox/status/unknown-id',
    title: 'answers PodSandboxStatus of an id that it does not know with NotFound',
    level: 'required',
    rpcs: ['PodSandboxStatus'],
    basis: [
      { kind: 'proto', text: 'PodSandboxStatus: an error when the sandbox does not exist' },
      { kind: 'kubelet', text: 'passes over a sandbox that went away only if the code is NotFound' },
    ],
    async run({ cri, expect }) {
      await expect.fails(
        'not-found',
        cri.runtime.podSandboxStatus({ podSandboxId: nobody }),
        'PodSandboxStatus of an unknown id',
        ['NotFound'],
      );
    },
  }),

  defineCase({
    id: 'pod-sandbox/status/info-only-when-verbose',
    revision: 2,
    title: 'adds debugging information to PodSandboxStatus only when asked, as JSON',
    level: 'specified',
    rpcs: ['PodSandboxStatus'],
    basis: [{ kind: 'proto', text: 'PodSandboxStatusResponse.info: not empty only when verbose; values are JSON' }],
    async run({ given, cri, expect, observe }) {
      const { id: podSandboxId } = await given.podSandbox();
      const plain = await expect.succeeds('plain', cri.runtime.podSandboxStatus({ podSandboxId }), 'PodSandboxStatus');
      expect.equal('no-info', Object.keys(plain.info), [], 'the keys of info without verbose');
      const { info, status } = await expect.succeeds(
        'verbose',
        cri.runtime.podSandboxStatus({ podSandboxId, verbose: true }),
        'PodSandboxStatus with verbose',
      );
      expect.equal('same-status', status, plain.status, 'the status, as without verbose');
      expect.equal('json', notJson(info), {}, 'the values of info that are no JSON');
      observe('pod-sandbox.verbose-info', Object.keys(info).sort());
    },
  }),
];
