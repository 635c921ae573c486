import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { defineCase, type CaseContext } from '../../src/kit/case.ts';
import type { Container } from '../../src/kit/given.ts';
import type { ObservationDeclaration } from '../../src/model/observation.ts';
import { execSync } from './ask.ts';

/** Whether a file can be made at a path of a container. @param key the expectation's that the attempt can be made at all */
async function canWrite(context: CaseContext, { id }: Container, path: string, key: string): Promise<boolean> {
  const { exitCode } = await execSync(context, id, ['touch', path], key);
  return exitCode === 0;
}

export const observationKeys: ObservationDeclaration[] = [
  {
    key: 'container.read-only-root-writable',
    meaning: 'where a program can still write with a read-only root: what needs a volume after a migration',
    stability: 'set',
    source:
      'documentation: CRI-O with read_only mounts /run, /tmp and /var/tmp over the root; containerd has nothing of the kind',
  },
];

export const cases = [
  defineCase({
    id: 'container/filesystem/read-only-root',
    title: 'makes the root file system of a container read-only with readonly_rootfs, and only then',
    level: 'required',
    rpcs: ['CreateContainer', 'StartContainer'],
    basis: [
      {
        kind: 'proto',
        text: 'LinuxContainerSecurityContext.readonly_rootfs: whether the root file system is read-only',
      },
      { kind: 'kubelet', text: 'the container’s securityContext.readOnlyRootFilesystem' },
    ],
    critest: ['SC-6#writable', 'SC-7#read-only'],
    needs: ['processes'],
    async run(context) {
      const { given, expect, observe } = context;
      const pod = await given.sharedPodSandbox();
      const plain = await given.startedContainer(pod);
      const wrote = await canWrite(context, plain, '/var/crible/file', 'exec-plain');
      expect.equal('writable', wrote, true, 'whether a file can be made in a container without readonly_rootfs');
      const sealed = await given.startedContainer(pod, { linux: { securityContext: { readonlyRootfs: true } } });
      const wroteSealed = await canWrite(context, sealed, '/var/crible/file', 'exec-sealed');
      expect.equal('read-only', wroteSealed, false, 'whether a file can be made in one with it');
      const script = `for folder in ${folders.join(' ')}; do touch $folder/crible 2> /dev/null && echo $folder; done`;
      const { stdout } = await execSync(context, sealed.id, ['sh', '-c', script], 'exec-folders');
      observe('container.read-only-root-writable', stdout.split('\n').filter(Boolean));
    },
  }),

  defineCase({
    id: 'container/filesystem/mounts-stay-writable',
    title: 'leaves mounts and the shared memory of a container writable with readonly_rootfs',
    level: 'required',
    rpcs: ['CreateContainer', 'StartContainer'],
    basis: [
      { kind: 'proto', text: 'readonly_rootfs is about the root file system; Mount.readonly about the mount alone' },
      { kind: 'kubelet', text: 'pods with a read-only root write to volumes' },
    ],
    needs: ['processes', 'host-files'],
    async run(context) {
      const { given, expect } = context;
      const hostPath = given.hostFolder();
      const container = await given.startedContainer(await given.sharedPodSandbox(), {
        mounts: [{ containerPath: '/var/crible/volume', hostPath }],
        linux: { securityContext: { readonlyRootfs: true } },
      });
      const toShm = await canWrite(context, container, '/dev/shm/file', 'exec-shared-memory');
      expect.equal('shared-memory', toShm, true, 'whether a file can be made in /dev/shm');
      await canWrite(context, container, '/var/crible/volume/file', 'exec-mount');
      expect.equal('mount', existsSync(join(hostPath, 'file')), true, 'whether one made in a mount is on the host');
    },
  }),

  defineCase({
    id: 'container/filesystem/own-layer',
    title: 'keeps what a container writes from other containers of the same image',
    level: 'required',
    rpcs: ['CreateContainer', 'StartContainer'],
    basis: [
      { kind: 'kubelet', text: 'containers share nothing of their file systems but the volumes that they mount' },
      { kind: 'oci', text: 'layers of an image are read-only; a container writes into one of its own' },
    ],
    needs: ['processes'],
    async run(context) {
      const { given, expect } = context;
      const pod = await given.sharedPodSandbox();
      const writer = await given.startedContainer(pod);
      const reader = await given.startedContainer(pod);
      await canWrite(context, writer, '/var/crible/written', 'exec-writer');
      const list = ['ls', '/var/crible'];
      const { stdout: written } = await execSync(context, writer.id, list, 'exec-list');
      expect.equal('written', written, 'written\n', 'what the container that wrote a file sees of it');
      const { stdout: seen } = await execSync(context, reader.id, list, 'exec-reader');
      expect.equal('unseen', seen, '', 'what the other container sees of it');
    },
  }),

  defineCase({
    id: 'container/filesystem/masked-paths',
    title: 'hides the content of masked paths, files and folders',
    level: 'required',
    rpcs: ['CreateContainer', 'StartContainer'],
    basis: [
      { kind: 'proto', text: 'LinuxContainerSecurityContext.masked_paths: paths that are masked from the container' },
      { kind: 'kubelet', text: 'hides parts of /proc and /sys by them, which tell of the node' },
    ],
    critest: ['SC-14#file'],
    needs: ['processes'],
    async run(context) {
      const { given, expect } = context;
      const { id } = await given.startedContainer(await given.sharedPodSandbox(), {
        linux: { securityContext: { maskedPaths: ['/etc/group', '/home'] } },
      });
      const { stdout: file } = await execSync(context, id, ['cat', '/etc/group'], 'exec-file');
      expect.equal('file', file, '', 'what is read from a masked file');
      const { stdout: folder } = await execSync(context, id, ['ls', '-A', '/home'], 'exec-folder');
      expect.equal('folder', folder, '', 'what is listed of a masked folder');
      const { stdout: neighbour } = await execSync(context, id, ['head', '-n', '1', '/etc/passwd'], 'exec-neighbour');
      const root = 'root:x:0:0:root:/root:/bin/sh\n';
      expect.equal('others-stay', neighbour, root, 'what is read from a file beside it');
    },
  }),

  defineCase({
    id: 'container/filesystem/readonly-paths',
    title: 'makes readonly paths read-only, and nothing else',
    level: 'required',
    rpcs: ['CreateContainer', 'StartContainer'],
    basis: [
      {
        kind: 'proto',
        text: 'LinuxContainerSecurityContext.readonly_paths: paths that are read-only in the container',
      },
      { kind: 'kubelet', text: 'keeps containers from changing the node’s kernel through /proc/sys by them' },
    ],
    critest: ['SC-15#read-only'],
    needs: ['processes'],
    async run(context) {
      const { given, expect } = context;
      const pod = await given.sharedPodSandbox();
      const container = await given.startedContainer(pod, { linux: { securityContext: { readonlyPaths: ['/tmp'] } } });
      const inPath = await canWrite(context, container, '/tmp/file', 'exec-path');
      expect.equal('read-only', inPath, false, 'whether a file can be made in a readonly path');
      const beside = await canWrite(context, container, '/var/tmp/file', 'exec-beside');
      expect.equal('others-writable', beside, true, 'whether one can be made beside it');
      const usual = await given.startedContainer(pod);
      // What stands there is written again, so that a container which may do it changes nothing.
      const script = 'value=$(cat /proc/sys/vm/swappiness); echo $value > /proc/sys/vm/swappiness';
      const { exitCode } = await execSync(context, usual.id, ['sh', '-c', script], 'exec-kernel');
      expect.that('kernel', exitCode !== 0, 'a container cannot write to /proc/sys, which the kubelet has read-only', {
        expected: 'an exit code that is not 0',
        actual: exitCode,
      });
    },
  }),
];

/** Where programs usually write. */
const folders = ['/', '/dev', '/dev/mqueue', '/dev/shm', '/etc', '/run', '/tmp', '/var/tmp'];
