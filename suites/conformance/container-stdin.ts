import { defineCase } from '../../src/kit/case.ts';
import { exitStatus } from './ask.ts';

export const cases = [
  defineCase({
    id: 'container/process/without-stdin',
    title: 'gives a container without stdin an input that is at its end',
    level: 'required',
    rpcs: ['CreateContainer', 'StartContainer'],
    basis: [
      { kind: 'proto', text: 'ContainerConfig.stdin: where it is not set, reading stdin always results in EOF' },
      { kind: 'kubelet', text: 'sets it for pods with stdin: true only; others must not wait for input' },
    ],
    async run(context) {
      const { given, expect } = context;
      // An input that is not there at all would be an error to cat.
      const { id } = await given.startedContainer(await given.sharedPodSandbox(), {
        command: ['sh', '-c', 'cat && exit 7'],
      });
      const { exitCode } = await exitStatus(context, id);
      expect.equal('exit-code', exitCode, 7, 'the exit code, 7 once stdin was read to its end');
    },
  }),
];
