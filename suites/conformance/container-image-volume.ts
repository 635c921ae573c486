import { CriError } from '../../src/cri/error.ts';
import { defineCase, type CaseContext } from '../../src/kit/case.ts';
import type { PodSandbox } from '../../src/kit/given.ts';
import { SetupError } from '../../src/kit/setup.ts';
import type { ObservationDeclaration } from '../../src/model/observation.ts';
import { containerStatus } from './ask.ts';
import { expectRefusal, expectSuccess, tried, type Attempt } from './printed.ts';

const path = '/mnt/image';
const basis = [
  { kind: 'proto', text: 'Mount.image: an image to be mounted, in place of a host_path' },
  { kind: 'kep', text: 'KEP-4639: volumes of type image, read-only, without being run' },
] as const;

/** The mount of an image as the kubelet asks for it: by what its pull answered. */
async function imageMount({ given }: Pick<CaseContext, 'given'>) {
  const { reference, imageRef } = await given.image('user-uid:1');
  return { containerPath: path, readonly: true, image: { image: imageRef, userSpecifiedImage: reference } };
}

export const observationKeys: ObservationDeclaration[] = [
  {
    key: 'container.image-volume-ref',
    meaning: 'whether a pod’s status can tell by digest which image its volume has',
    stability: 'exact',
    source: 'KEP-5365: Mount.image.image_ref of ContainerStatus, which runtimes of before Kubernetes 1.35 leave empty',
  },
];

export const cases = [
  defineCase({
    id: 'container/image-volume/content',
    title: 'mounts the content of an image, read-only, with programs that can be run',
    level: 'optional',
    rpcs: ['CreateContainer', 'StartContainer'],
    basis: [...basis],
    critest: ['IV-2#content'],
    needs: ['processes', 'host-files', 'image-volumes'],
    async run(context) {
      const attempts = { run: `${path}/bin/busybox true`, write: `touch ${path}/tmp/written` };
      const mounts = [await imageMount(context)];
      const seen = await tried(context, await context.given.sharedPodSandbox(), attempts, { mounts });
      expectSuccess(context, 'content', seen.run, 'a program of the mounted image is run');
      expectRefusal(context, 'read-only', seen.write, 'Read-only file system', 'nothing is written to it');
    },
  }),

  defineCase({
    id: 'container/image-volume/status',
    title: 'reports the mount of an image, and names the image that it has if it names any',
    level: 'optional',
    rpcs: ['CreateContainer', 'ContainerStatus'],
    basis: [
      ...basis,
      { kind: 'kep', text: 'KEP-5365: image_ref of the mount’s image in ContainerStatus is what PullImage answered' },
    ],
    critest: ['IV-1#image-ref'],
    needs: ['image-volumes'],
    async run(context) {
      const { given, expect, observe } = context;
      const mount = await imageMount(context);
      const { id } = await given.container(await given.sharedPodSandbox(), { mounts: [mount] });
      const { mounts } = await containerStatus(context, id);
      const reported = mounts.find(({ containerPath }) => containerPath === path);
      const { image, readonly } = expect.present('reported', reported, 'the mount in ContainerStatus.mounts');
      expect.equal('readonly', readonly, true, 'readonly of the mount');
      const imageRef = image?.imageRef ?? '';
      observe('container.image-volume-ref', imageRef === '' ? 'none' : 'named');
      const expected = mount.image.image;
      expect.that('image-ref', ['', expected].includes(imageRef), 'image.image_ref of the mount', {
        expected,
        actual: imageRef,
      });
    },
  }),

  defineCase({
    id: 'container/image-volume/never-writable',
    title: 'refuses the mount of an image that is to be writable, or makes it read-only all the same',
    level: 'optional',
    rpcs: ['CreateContainer', 'StartContainer'],
    basis: [...basis],
    critest: ['IV-3#not-written'],
    needs: ['processes', 'host-files', 'image-volumes'],
    async run(context) {
      const { given, expect } = context;
      const mount = { ...(await imageMount(context)), readonly: false };
      const outcome = await written(context, await given.sharedPodSandbox(), mount);
      expect.that('not-written', !outcome.ok, 'nothing can be written to the image', {
        expected: 'a refusal',
        actual: outcome,
      });
    },
  }),

  defineCase({
    id: 'container/image-volume/sub-path',
    title: 'mounts a folder of an image alone',
    level: 'optional',
    rpcs: ['CreateContainer', 'StartContainer'],
    basis: [
      ...basis,
      { kind: 'proto', text: 'Mount.image_sub_path: what of the image is mounted instead of its root' },
    ],
    critest: ['IV-4#content'],
    needs: ['processes', 'host-files', 'image-volumes'],
    async run(context) {
      const { given, expect } = context;
      const mounts = [{ ...(await imageMount(context)), imageSubPath: 'etc' }];
      const seen = await tried(context, await given.sharedPodSandbox(), { list: `ls ${path}` }, { mounts });
      expect.equal('content', seen.list.text, 'group passwd', 'the names in the mount');
    },
  }),

  defineCase({
    id: 'container/image-volume/missing-sub-path',
    title: 'refuses the mount of a folder that an image does not have',
    level: 'optional',
    rpcs: ['CreateContainer'],
    basis: [...basis, { kind: 'proto', text: 'Mount.image_sub_path: an error if the image does not have it' }],
    critest: ['IV-5#refused'],
    needs: ['processes', 'image-volumes'],
    async run(context) {
      const { given, cri, expect } = context;
      const pod = await given.sharedPodSandbox();
      const mounts = [{ ...(await imageMount(context)), imageSubPath: 'not/in/this/image' }];
      const config = await given.containerConfig(pod, { mounts });
      await expect.fails(
        'refused',
        cri.runtime.createContainer({ podSandboxId: pod.id, config, sandboxConfig: pod.config }),
        'CreateContainer with an absent image_sub_path',
      );
    },
  }),
];

/** What becomes of a container that writes to a mount, when it may be refused as a whole. */
async function written(
  context: CaseContext,
  pod: PodSandbox,
  mount: Awaited<ReturnType<typeof imageMount>>,
): Promise<Attempt> {
  try {
    const { write } = await tried(context, pod, { write: `touch ${path}/written` }, { mounts: [mount] });
    return write;
  } catch (error) {
    if (!(error instanceof SetupError && error.cause instanceof CriError)) throw error;
    return { ok: false, text: error.message };
  }
}
