import { CriError } from '../../src/cri/error.ts';
import { defineCase } from '../../src/kit/case.ts';
import { answerOrRefusal, codeOfCall, execSync, nobody } from './ask.ts';
import { processesSeen } from './inside.ts';
import { mebibyte } from './streamed.ts';
import { digestOf } from '../../src/kit/received.ts';

export const cases = [
  defineCase({
    id: 'exec-sync/streams',
    revision: 2,
    title: 'returns stdout and stderr of a command apart from each other',
    level: 'required',
    rpcs: ['ExecSync'],
    basis: [{ kind: 'proto', text: 'ExecSyncResponse.stdout and stderr: what the command printed on each' }],
    critest: ['EX-1#stdout'],
    async run(context) {
      const { given, expect } = context;
      const { id } = await given.startedContainer(await given.sharedPodSandbox());
      // Nobody writes to a command of ExecSync: cat finds the end of its stdin at once.
      const answer = await execSync(context, id, ['sh', '-c', 'cat; echo out; echo err >&2; echo more']);
      expect.equal('stdout', answer.stdout, 'out\nmore\n', 'ExecSyncResponse.stdout');
      expect.equal('stderr', answer.stderr, 'err\n', 'ExecSyncResponse.stderr');
      expect.equal('exit-code', answer.exitCode, 0, 'ExecSyncResponse.exit_code');
    },
  }),

  defineCase({
    id: 'exec-sync/exit-code',
    revision: 2,
    title: 'returns the exit code of each command that fails, without an error of the call',
    level: 'required',
    rpcs: ['ExecSync'],
    basis: [
      { kind: 'proto', text: 'ExecSyncResponse.exit_code: that of the command' },
      { kind: 'kubelet', text: 'takes a probe’s exit code for its result, and an error for not knowing' },
    ],
    async run(context) {
      const { given, cri, expect } = context;
      const { id } = await given.startedContainer(await given.sharedPodSandbox());
      const ends = [
        ['exit-code', 'exit 37', 37],
        ['highest', 'exit 255', 255],
        ['killed', 'kill -9 $$', 137],
      ] as const;
      const answers = await expect.succeeds(
        'exec',
        // At once, as probes come.
        Promise.all(
          ends.map(async ([name, script, expected]) => {
            const cmd = ['sh', '-c', `echo ${name}; ${script}`];
            const { exitCode, stdout } = await cri.runtime.execSync({ containerId: id, cmd, timeout: 10n });
            return { name, script, expected, actual: { exitCode, stdout: Buffer.from(stdout).toString() } };
          }),
        ),
        'ExecSync of commands that fail',
      );
      for (const { name, script, expected, actual } of answers) {
        const message = `exit_code and stdout of \`${script}\`, beside others`;
        expect.equal(name, actual, { exitCode: expected, stdout: `${name}\n` }, message);
      }
    },
  }),

  defineCase({
    id: 'exec-sync/bytes',
    title: 'returns every byte that a command prints as it is',
    level: 'specified',
    rpcs: ['ExecSync'],
    basis: [{ kind: 'proto', text: 'ExecSyncResponse.stdout is bytes, not text' }],
    async run({ given, cri, expect }) {
      const { id: containerId } = await given.startedContainer(await given.sharedPodSandbox());
      const { stdout } = await expect.succeeds(
        'exec',
        cri.runtime.execSync({
          containerId,
          cmd: ['printf', 'a\\000b\\r\\nc\\r\\n\\n\\377\\376 \\t end'],
          timeout: 10n,
        }),
        'ExecSync in a running container',
      );
      const printed = Buffer.from('a\0b\r\nc\r\n\n\xff\xfe \t end', 'latin1');
      expect.equal('stdout', Buffer.from(stdout).toString('hex'), printed.toString('hex'), 'stdout, in hexadecimal');
    },
  }),

  defineCase({
    id: 'exec-sync/large-output',
    revision: 2,
    title: 'returns an output of a mebibyte on each stream whole',
    level: 'specified',
    rpcs: ['ExecSync'],
    basis: [{ kind: 'proto', text: 'ExecSync: output up to 16 MiB is returned' }],
    async run({ given, cri, expect }) {
      const { id: containerId } = await given.startedContainer(await given.sharedPodSandbox());
      const print = "head -c 1048576 /dev/zero | tr '\\000'";
      const { stdout, stderr } = await expect.succeeds(
        'exec',
        cri.runtime.execSync({
          containerId,
          cmd: ['sh', '-c', `${print} x; ${print} y >&2`],
          timeout: 20n,
        }),
        'ExecSync in a running container',
      );
      expect.equal('size', stdout.length, 1024 * 1024, 'the number of bytes on stdout');
      expect.equal(
        'content',
        stdout.findIndex((byte) => byte !== 0x78),
        -1,
        'the place of the first byte that was not printed',
      );
      const printed = digestOf(Buffer.alloc(mebibyte, 'y'));
      expect.equal('stderr', digestOf(Buffer.from(stderr)), printed, 'size and hash of what was printed on stderr');
    },
  }),

  defineCase({
    id: 'exec-sync/timeout',
    revision: 2,
    title: 'gives up a command after its time-out and ends its process',
    level: 'required',
    rpcs: ['ExecSync'],
    basis: [
      { kind: 'proto', text: 'ExecSyncRequest.timeout: seconds after which the command is stopped' },
      { kind: 'kubelet', text: 'runs probes with it: a process left over by every probe would fill the node' },
    ],
    needs: ['processes'],
    critest: ['EX-2#process-gone'],
    async run(context) {
      const { given, cri, expect, observe } = context;
      const { id: containerId } = await given.startedContainer(await given.sharedPodSandbox());
      // None at all, as hooks have it.
      const unlimited = codeOfCall(cri.runtime.execSync({ containerId, cmd: ['sleep', '1.2'], timeout: 0n })).catch(
        () => 'no answer',
      );
      const start = performance.now();
      try {
        const { exitCode, stderr } = await cri.runtime.execSync({ containerId, cmd: ['sleep', '4321'], timeout: 1n });
        expect.that('tells', exitCode !== 0, 'the answer tells that the command did not end by itself', {
          expected: 'an error, or an exit code that is not 0',
          actual: exitCode,
        });
        observe('exec-sync.timeout', { exitCode, stderr: Buffer.from(stderr).toString().slice(0, 200) });
      } catch (error) {
        if (!(error instanceof CriError)) throw error;
        expect.equal('code', error.code, 'DeadlineExceeded', 'the code of an ExecSync that timed out');
        observe('exec-sync.timeout', error.code);
      }
      const tookMs = performance.now() - start;
      expect.that('in-time', tookMs > 950 && tookMs < 6_000, 'ExecSync returns when the time-out of 1 s is over', {
        expected: '1000 ms to 6000 ms',
        actual: `${tookMs.toFixed(0)} ms`,
      });
      await expect.eventually(
        'process-gone',
        () => processesSeen(context, containerId, 'look-for-process'),
        (seen) => ![...seen.values()].includes('sleep 4321'),
        'no process of the command is left',
        { expected: 'no sleep 4321', withinMs: 3_000 },
      );
      expect.equal(
        'without',
        await unlimited,
        'OK',
        'what comes of a command of 1.2 s whose time-out is 0, which is none',
      );
    },
  }),

  defineCase({
    id: 'exec-sync/unknown-command',
    title: 'tells by an error or by the exit code that a command does not exist',
    level: 'required',
    rpcs: ['ExecSync'],
    basis: [
      { kind: 'proto', text: 'ExecSync runs a command; one that cannot run has not succeeded' },
      { kind: 'kubelet', text: 'a probe whose command does not exist must not pass' },
    ],
    async run({ given, cri, expect, observe }) {
      const { id: containerId } = await given.startedContainer(await given.sharedPodSandbox());
      const outcome = await answerOrRefusal(
        cri.runtime.execSync({ containerId, cmd: ['/crible/has/no/such/command'], timeout: 10n }),
      );
      const told =
        'answer' in outcome ? `exit code ${String(outcome.answer.exitCode)}` : `error ${outcome.refusedWith}`;
      expect.that('tells', told !== 'exit code 0', 'the answer tells that the command did not run', {
        expected: 'an error, or an exit code that is not 0',
        actual: told,
      });
      observe('exec-sync.unknown-command', told);
    },
  }),

  defineCase({
    id: 'exec-sync/exited-container',
    title: 'refuses to run a command in a container that has exited',
    level: 'required',
    rpcs: ['ExecSync'],
    basis: [
      { kind: 'proto', text: 'ExecSync runs a command in a container that runs' },
      { kind: 'kubelet', text: 'a probe of a container that is gone must not pass' },
    ],
    async run({ given, cri, expect, observe }) {
      const pod = await given.sharedPodSandbox();
      const created = await given.container(pod);
      const { container: exited } = await given.exitedContainer(pod, { command: ['true'] });
      const { code } = await expect.fails(
        'refused',
        cri.runtime.execSync({ containerId: exited.id, cmd: ['true'], timeout: 10n }),
        'ExecSync in an exited container',
      );
      observe('exec-sync.not-running', {
        created: await codeOfCall(cri.runtime.execSync({ containerId: created.id, cmd: ['true'], timeout: 10n })),
        exited: code,
      });
    },
  }),

  defineCase({
    id: 'exec-sync/unknown-id',
    title: 'answers ExecSync in a container that it does not know with NotFound',
    level: 'specified',
    rpcs: ['ExecSync'],
    basis: [{ kind: 'kubelet', text: 'the CRI’s own error helpers know a missing object by the code NotFound alone' }],
    async run({ cri, expect }) {
      await expect.fails(
        'not-found',
        cri.runtime.execSync({ containerId: nobody, cmd: ['true'], timeout: 10n }),
        'ExecSync in an unknown container',
        ['NotFound'],
      );
    },
  }),
];
