import { defineCase } from '../../src/kit/case.ts';
import { withStreams } from '../../src/kit/streams.ts';
import { attached } from './attached.ts';
import { expectReceived, expectSuccess } from './streamed.ts';

const names = ['first', 'second'] as const;
const output = { stdout: true, stderr: true };

export const cases = [
  defineCase({
    id: 'attach/its-container',
    title: 'leads the streams of Attach and Exec to the container of a pod that was asked for',
    level: 'required',
    rpcs: ['Attach', 'Exec'],
    basis: [
      { kind: 'proto', text: 'AttachRequest.container_id and ExecRequest.container_id' },
      { kind: 'kubelet', text: 'kubectl attach -c and exec -c name one container of a pod' },
    ],
    needs: ['streams'],
    run: withStreams(async (context, streams) => {
      const { given, expect } = context;
      const pod = await given.sharedPodSandbox();
      const containers = [];
      for (const name of names) {
        const command = ['sh', '-c', `while read line; do echo "${name} got $line"; done`];
        const envs = [{ key: 'CRIBLE_NAME', value: Buffer.from(name) }];
        containers.push({ name, ...(await given.startedContainer(pod, { command, envs, stdin: true })) });
      }
      for (const { name, id: containerId } of containers) {
        const attach = await attached(streams, { containerId, stdin: true, ...output });
        await attach.send('one\n');
        await expectReceived(context, attach.stdout, `${name} got one\n`, `what the ${name} container answers`);
        const cmd = ['sh', '-c', 'echo "$CRIBLE_NAME"'];
        const exec = await streams.exec({ containerId, cmd, ...output });
        await expectSuccess(context, streams, exec);
        expect.equal('executed', exec.stdout.text, `${name}\n`, `what is executed in the ${name} container`);
      }
    }),
  }),
];
