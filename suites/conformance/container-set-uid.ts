import { defineCase } from '../../src/kit/case.ts';

/** Not root, and small enough for an exit code, which is how the program of the image tells who it runs as. */
const uid = 200;

export const cases = [
  defineCase({
    id: 'container/process/no-new-privs',
    title: 'keeps a set-uid program from the rights of its owner with no_new_privs, and only then',
    level: 'required',
    rpcs: ['CreateContainer', 'StartContainer'],
    basis: [
      { kind: 'proto', text: 'LinuxContainerSecurityContext.no_new_privs: the kernel’s flag of that name is set' },
      { kind: 'kubelet', text: 'allowPrivilegeEscalation false, which the restricted Pod Security Standard asks for' },
    ],
    critest: ['NN-1#with', 'NN-2#without'],
    needs: ['processes'],
    async run({ given, expect }) {
      const image = await given.image('set-uid:1');
      const pod = await given.sharedPodSandbox();
      const ranAs = async (noNewPrivs: boolean): Promise<number> => {
        const linux = { securityContext: { runAsUser: { value: BigInt(uid) }, noNewPrivs } };
        const { status } = await given.exitedContainer(pod, { command: ['/bin/effective-user'], linux }, image);
        return status.exitCode;
      };
      expect.equal(
        'with',
        await ranAs(true),
        uid,
        'the user that a set-uid program of root’s runs as with no_new_privs',
      );
      expect.equal('without', await ranAs(false), 0, 'the user that it runs as without');
    },
  }),
];
