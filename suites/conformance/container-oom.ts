import { defineCase } from '../../src/kit/case.ts';
import { containerState, containerStatus, execSync, exitStatus } from './ask.ts';

const mebibyte = 1024n * 1024n;

/** No swap beyond it, so that more is never there. */
const limited = {
  linux: { resources: { memoryLimitInBytes: 64n * mebibyte, memorySwapLimitInBytes: 64n * mebibyte } },
};

/** Fills a buffer of four times the limit. */
const allocate = ['dd', 'if=/dev/zero', 'of=/dev/null', 'bs=256M', 'count=1'];

/** The kernel's notice that memory ran out and the news of the exit come by different ways. */
const noticeMs = 10_000;

export const cases = [
  defineCase({
    id: 'container/oom/killed',
    title: 'reports 137 and reason OOMKilled of a container that used more memory than its limit',
    level: 'required',
    rpcs: ['ContainerStatus'],
    basis: [
      { kind: 'proto', text: 'ContainerStatus.reason: a brief word in CamelCase' },
      { kind: 'kubelet', text: 'people and dashboards tell by OOMKilled that a limit is too low' },
    ],
    critest: ['OO-1#reason'],
    needs: ['processes', 'host-cgroups'],
    async run(context) {
      const { given, expect } = context;
      const { id } = await given.startedContainer(await given.sharedPodSandbox(), { ...limited, command: allocate });
      const { exitCode } = await exitStatus(context, id);
      expect.equal('exit-code', exitCode, 137, 'ContainerStatus.exit_code, 128 + 9');
      await expect.eventually(
        'reason',
        async () => (await containerStatus(context, id)).reason,
        (reason) => reason === 'OOMKilled',
        'ContainerStatus.reason',
        { expected: 'OOMKilled', withinMs: noticeMs },
      );
    },
  }),

  defineCase({
    id: 'container/oom/child',
    title: 'lets a container run on when only a child of its process used too much memory',
    level: 'specified',
    rpcs: ['ContainerStatus'],
    basis: [
      { kind: 'proto', text: 'CONTAINER_RUNNING: its process has not ended' },
      {
        kind: 'kubelet',
        text: 'asks for memory.oom.group where all processes are to go at once; what it does not ask for is not set',
      },
    ],
    needs: ['processes', 'host-cgroups'],
    async run(context) {
      const { given, expect } = context;
      const preparation = `trap 'exit 0' TERM; ${allocate.join(' ')}; echo $? > /tmp/exit-code`;
      const { id } = await given.readyContainer(await given.sharedPodSandbox(), preparation, limited);
      const { stdout } = await execSync(context, id, ['cat', '/tmp/exit-code']);
      expect.equal('child-killed', stdout, '137\n', 'the exit code of the child, as the container’s process has it');
      const status = await containerStatus(context, id);
      expect.equal('runs-on', containerState(status), 'CONTAINER_RUNNING', 'the state of the container');
    },
  }),
];
