import { defineCase } from '../../src/kit/case.ts';
import { notJson } from './ask.ts';

/** What the kubelet sends and wants back: the version of the kubelet's side of the CRI, the same since the CRI exists. */
const kubeletApiVersion = '0.1.0';

export const cases = [
  defineCase({
    id: 'runtime/version/names-the-runtime',
    title: 'answers Version with its name, its version and the version of the CRI',
    level: 'required',
    rpcs: ['Version'],
    basis: [
      { kind: 'proto', text: 'VersionResponse: four fields that say what runs here' },
      { kind: 'kubelet', text: 'does not start unless version is 0.1.0, and shows the others as the node’s runtime' },
    ],
    critest: ['RI-1#runtime-name'],
    async run({ cri, expect }) {
      const answer = await expect.succeeds('answers', cri.runtime.version({ version: kubeletApiVersion }), 'Version');
      expect.equal('version', answer.version, kubeletApiVersion, 'VersionResponse.version');
      expect.that('runtime-name', answer.runtimeName !== '', 'VersionResponse.runtime_name', {
        expected: 'a name',
        actual: answer.runtimeName,
      });
      expect.that('runtime-version', /^v?\d+\.\d+/.test(answer.runtimeVersion), 'VersionResponse.runtime_version', {
        expected: 'MAJOR.MINOR and whatever follows',
        actual: answer.runtimeVersion,
      });
      expect.equal('api-version', answer.runtimeApiVersion, cri.apiVersion, 'VersionResponse.runtime_api_version');
    },
  }),

  defineCase({
    id: 'runtime/status/is-ready',
    title: 'reports that runtime and network are ready',
    level: 'required',
    rpcs: ['Status'],
    basis: [
      { kind: 'proto', text: 'RuntimeStatus.conditions: RuntimeReady and NetworkReady are always there' },
      { kind: 'kubelet', text: 'reports the node as not ready while one of them is false' },
    ],
    critest: ['RI-2#conditions'],
    async run({ cri, expect, observe }) {
      const answer = await expect.succeeds('answers', cri.runtime.status({}), 'Status');
      const { conditions } = expect.present('status-set', answer.status, 'StatusResponse.status');
      const needed = ['RuntimeReady', 'NetworkReady'];
      const seen = conditions.filter(({ type }) => needed.includes(type)).map(({ type, status }) => [type, status]);
      expect.equal<unknown>(
        'conditions',
        seen.sort(),
        [
          ['NetworkReady', true],
          ['RuntimeReady', true],
        ],
        'the two conditions, each once',
      );
      const others = conditions.filter(({ type }) => !needed.includes(type));
      observe('runtime.other-conditions', Object.fromEntries(others.map(({ type, status }) => [type, status])));
    },
  }),

  defineCase({
    id: 'runtime/status/info-only-when-verbose',
    revision: 2,
    title: 'adds debugging information to Status only when asked',
    level: 'specified',
    rpcs: ['Status'],
    basis: [{ kind: 'proto', text: 'StatusResponse.info: not empty only when verbose' }],
    async run({ cri, expect, observe }) {
      const plain = await expect.succeeds('plain', cri.runtime.status({}), 'Status');
      expect.equal('no-info', Object.keys(plain.info), [], 'the keys of info without verbose');
      const verbose = await expect.succeeds('verbose', cri.runtime.status({ verbose: true }), 'Status with verbose');
      const { info } = verbose;
      const conditions = [verbose, plain].map(({ status }) =>
        (status?.conditions ?? []).map(({ type, status: holds }) => `${type}: ${String(holds)}`).sort(),
      );
      expect.equal('same-conditions', conditions[0], conditions[1], 'the conditions, as without verbose');
      observe('runtime.verbose-info', Object.keys(info).sort());
    },
  }),

  defineCase({
    id: 'runtime/status/info-is-json',
    title: 'writes the debugging information of Status as JSON',
    level: 'specified',
    rpcs: ['Status'],
    basis: [{ kind: 'proto', text: 'StatusResponse.info: keys as the runtime likes, values in JSON' }],
    async run({ cri, expect }) {
      const { info } = await expect.succeeds('verbose', cri.runtime.status({ verbose: true }), 'Status with verbose');
      expect.equal('json', Object.keys(notJson(info)), [], 'the keys of info whose value is no JSON');
    },
  }),

  defineCase({
    id: 'runtime/status/handlers',
    title: 'names each of its runtime handlers once, the one that pods are run on among them',
    level: 'specified',
    rpcs: ['Status'],
    basis: [
      { kind: 'proto', text: 'RuntimeHandler.name: unique in the response; the empty name is the default handler' },
      {
        kind: 'kubelet',
        text: 'looks up by it whether a pod’s handler has user namespaces and recursive read-only mounts',
      },
    ],
    async run({ cri, expect, target }) {
      const { runtimeHandlers } = await expect.succeeds('answers', cri.runtime.status({}), 'Status');
      const names = runtimeHandlers.map(({ name }) => name);
      const twice = names.filter((name, place) => names.indexOf(name) !== place);
      expect.equal('unique', twice, [], 'names in runtime_handlers that were there before');
      // Runtimes of before Kubernetes 1.30 name none.
      expect.that(
        'in-use',
        names.length === 0 || names.includes(target.handler),
        'runtime_handlers has the one in use',
        {
          expected: target.handler,
          actual: names,
        },
      );
    },
  }),
];
