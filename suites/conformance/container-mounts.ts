import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { defineCase, type CaseContext } from '../../src/kit/case.ts';
import type { Given } from '../../src/kit/given.ts';
import type { ObservationDeclaration } from '../../src/model/observation.ts';
import { answerOrRefusal } from './ask.ts';
import { expectRefusal, expectSuccess, tried } from './printed.ts';

const needs = ['processes', 'host-files'];

/** A folder of the host with a file `name` that holds `content`. */
function folderWith(given: Given, content: string, name = 'name'): string {
  const folder = given.hostFolder();
  writeFileSync(join(folder, name), content);
  return folder;
}

function contentOf(path: string): string | undefined {
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
}

/** A folder and one below it, in a container, both mounted in the given order. */
async function nestedMounts(context: CaseContext, order: 'outer first' | 'inner first'): Promise<unknown> {
  const { given } = context;
  const [outer, inner] = [folderWith(given, 'outer'), folderWith(given, 'inner')];
  mkdirSync(join(outer, 'below'));
  const mounts = [
    { containerPath: '/mnt/outer', hostPath: outer },
    { containerPath: '/mnt/outer/below', hostPath: inner },
  ];
  const attempts = { outer: 'cat /mnt/outer/name', inner: 'cat /mnt/outer/below/name' };
  const inOrder = order === 'outer first' ? mounts : mounts.toReversed();
  const seen = await tried(context, await given.sharedPodSandbox(), attempts, { mounts: inOrder });
  return { outer: seen.outer.text, inner: seen.inner.text };
}

export const observationKeys: ObservationDeclaration[] = [
  {
    key: 'container.mount-of-missing-source',
    meaning: 'what a pod comes to whose path on the host is not there: an error, or an empty folder in its place',
    stability: 'exact',
    source:
      'source: containerd creates a folder, CRI-O too unless absent_mount_sources_to_reject has it; the proto wants an error',
  },
];

export const cases = [
  defineCase({
    id: 'container/mount/both-directions',
    revision: 2,
    title: 'shares a folder of the host with a container, in both directions',
    level: 'required',
    rpcs: ['CreateContainer', 'StartContainer'],
    basis: [
      { kind: 'proto', text: 'Mount.host_path and container_path: what of the host is seen where' },
      { kind: 'kubelet', text: 'hands all volumes on in this way, with selinux_relabel for most' },
    ],
    critest: ['VO-1#read'],
    needs,
    async run(context) {
      const { given, expect } = context;
      const hostPath = join(given.hostFolder(), 'with blank, ü=1');
      mkdirSync(hostPath);
      writeFileSync(join(hostPath, 'name'), 'of the host');
      // Relabelling means nothing where there is no SELinux, and must do no harm.
      const mounts = [{ containerPath: '/mnt/shared', hostPath, selinuxRelabel: true }];
      const attempts = { read: 'cat /mnt/shared/name', write: 'echo of the container > /mnt/shared/written' };
      const seen = await tried(context, await given.sharedPodSandbox(), attempts, { mounts });
      expect.equal('read', seen.read.text, 'of the host', 'what the container reads');
      const written = contentOf(join(hostPath, 'written'));
      expect.equal('written', written, 'of the container\n', 'what it writes for the host');
    },
  }),

  defineCase({
    id: 'container/mount/symlink',
    title: 'mounts what a symbolic link on the host leads to',
    level: 'required',
    rpcs: ['CreateContainer', 'StartContainer'],
    basis: [{ kind: 'proto', text: 'Mount.host_path: a symbolic link is followed, its destination is mounted' }],
    critest: ['VO-2#read'],
    needs,
    async run(context) {
      const { given, expect } = context;
      const link = join(given.hostFolder(), 'link');
      symlinkSync(folderWith(given, 'behind the link'), link);
      const mounts = [{ containerPath: '/mnt/linked', hostPath: link }];
      const seen = await tried(context, await given.sharedPodSandbox(), { read: 'cat /mnt/linked/name' }, { mounts });
      expect.equal('read', seen.read.text, 'behind the link', 'what the container reads');
    },
  }),

  defineCase({
    id: 'container/mount/missing-source',
    title: 'refuses a mount whose path on the host is not there, or makes a folder there and mounts it',
    level: 'specified',
    rpcs: ['CreateContainer', 'StartContainer'],
    basis: [
      { kind: 'proto', text: 'Mount.host_path: runtimes should report an error if it does not exist' },
      { kind: 'kubelet', text: 'users of hostPath volumes without a type have come to rely on the folder' },
    ],
    needs,
    async run(context) {
      const { given, cri, expect, observe } = context;
      const pod = await given.sharedPodSandbox();
      const hostPath = join(given.hostFolder(), 'missing');
      const command = ['sh', '-c', 'echo written > /mnt/missing/name'];
      const config = await given.containerConfig(pod, {
        command,
        mounts: [{ containerPath: '/mnt/missing', hostPath }],
      });
      const run = async (): Promise<void> => {
        const made = await cri.runtime.createContainer({ podSandboxId: pod.id, config, sandboxConfig: pod.config });
        await cri.runtime.startContainer({ containerId: made.containerId });
      };
      const outcome = await answerOrRefusal(run());
      const refused = 'refusedWith' in outcome;
      observe('container.mount-of-missing-source', refused ? `refused with ${outcome.refusedWith}` : 'makes a folder');
      await expect.eventually(
        'refused-or-mounted',
        () => Promise.resolve(refused ? 'refused' : contentOf(join(hostPath, 'name'))),
        (seen) => seen === 'refused' || seen === 'written\n',
        'what the container writes there is on the host, if it runs at all',
        { expected: 'written', withinMs: 5_000, actual: (seen) => seen ?? 'nothing' },
      );
    },
  }),

  defineCase({
    id: 'container/mount/read-only',
    title: 'lets a container read from a mount that is read-only, and not write',
    level: 'required',
    rpcs: ['CreateContainer', 'StartContainer'],
    basis: [
      { kind: 'proto', text: 'Mount.readonly: the mount is read-only' },
      { kind: 'kubelet', text: 'sends it for readOnly volume mounts, and for those of secrets and config maps' },
    ],
    needs,
    async run(context) {
      const { given, expect } = context;
      const hostPath = folderWith(given, 'to be read');
      const mounts = [{ containerPath: '/mnt/own', hostPath, readonly: true }];
      const attempts = { read: 'cat /mnt/own/name', write: 'touch /mnt/own/name' };
      const seen = await tried(context, await given.sharedPodSandbox(), attempts, { mounts });
      expect.equal('read', seen.read.text, 'to be read', 'what the container reads');
      expectRefusal(context, 'refused', seen.write, 'Read-only file system', 'the container is refused to write');
    },
  }),

  defineCase({
    id: 'container/mount/file',
    revision: 2,
    title: 'mounts single files of the host, also over one of the image, each to be written or not',
    level: 'required',
    rpcs: ['CreateContainer', 'StartContainer'],
    basis: [
      { kind: 'proto', text: 'Mount.host_path: a path of the host, of a file as well as of a folder' },
      { kind: 'kubelet', text: 'mounts /etc/hosts and the file for the termination message so, and reads it' },
    ],
    needs,
    async run(context) {
      const { given, expect } = context;
      const hostPath = join(folderWith(given, 'a file of the host'), 'name');
      const readOnly = join(folderWith(given, 'to be read'), 'name');
      const mounts = [
        { containerPath: '/etc/group', hostPath },
        { containerPath: '/mnt/read-only', hostPath: readOnly, readonly: true },
      ];
      const attempts = {
        file: 'cat /etc/group',
        others: 'test -s /etc/passwd',
        written: 'echo of the container > /etc/group',
        refused: 'echo of the container > /mnt/read-only',
      };
      const seen = await tried(context, await given.sharedPodSandbox(), attempts, { mounts });
      expect.equal('file', seen.file.text, 'a file of the host', 'what the container reads in its place');
      expectSuccess(context, 'others', seen.others, 'the files of the image beside it are there');
      expect.equal('written', contentOf(hostPath), 'of the container\n', 'what the host reads after it was written to');
      expectRefusal(
        context,
        'read-only',
        seen.refused,
        'Read-only file system',
        'one that is read-only is not written to',
      );
    },
  }),

  defineCase({
    id: 'container/mount/nested',
    title: 'mounts a folder below another mount, in whichever order the config has them',
    level: 'required',
    rpcs: ['CreateContainer', 'StartContainer'],
    basis: [
      { kind: 'proto', text: 'ContainerConfig.mounts: all of them are mounts of the container' },
      { kind: 'kubelet', text: 'sends mounts in the order of the pod’s volumeMounts, whichever lies below another' },
    ],
    needs,
    async run(context) {
      const both = { outer: 'outer', inner: 'inner' };
      const { expect } = context;
      const first = await nestedMounts(context, 'outer first');
      expect.equal('outer-first', first, both, 'what the container reads in the outer and the inner one');
      const second = await nestedMounts(context, 'inner first');
      expect.equal('inner-first', second, both, 'what it reads when the inner one comes first in the config');
    },
  }),

  defineCase({
    id: 'container/mount/absent-path',
    title: 'makes the path of a mount that the image does not have',
    level: 'required',
    rpcs: ['CreateContainer', 'StartContainer'],
    basis: [
      { kind: 'proto', text: 'Mount.container_path: the path of the mount in the container' },
      { kind: 'kubelet', text: 'mounts the service account’s token below /var/run/secrets, which few images have' },
    ],
    needs,
    async run(context) {
      const { given, expect } = context;
      const mounts = [{ containerPath: '/not/in/any/image', hostPath: folderWith(given, 'made') }];
      const seen = await tried(
        context,
        await given.sharedPodSandbox(),
        { read: 'cat /not/in/any/image/name' },
        { mounts },
      );
      expect.equal('read', seen.read.text, 'made', 'what the container reads there');
    },
  }),

  defineCase({
    id: 'container/mount/hides-image',
    title: 'shows at the path of a mount what is mounted and nothing of the image',
    level: 'required',
    rpcs: ['CreateContainer', 'StartContainer'],
    basis: [
      { kind: 'proto', text: 'Mount.container_path: the path of the mount in the container' },
      { kind: 'kubelet', text: 'volumes take the place of what an image has there; Docker’s copying is not asked for' },
    ],
    needs,
    async run(context) {
      const { given, expect } = context;
      const mounts = [{ containerPath: '/home', hostPath: folderWith(given, '', 'of-the-host') }];
      const seen = await tried(context, await given.sharedPodSandbox(), { list: 'ls -A /home' }, { mounts });
      expect.equal('content', seen.list.text, 'of-the-host', 'the names at the path of the mount');
    },
  }),
];
