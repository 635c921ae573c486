/**
 * The images that suites run, as data. They are built on the spot by src/lab/images and served by the lab's registry,
 * or pushed to a registry of the user's; nothing comes from the internet. An image is a pure function of its reference.
 *
 * A reference is `PREFIX/NAME:TAG`, where PREFIX is the lab's (`127.0.0.1:PORT/crible`) or the user's `--image-prefix`.
 */

/** One fixture image: what its configuration says and what lies in its layers. */
export interface FixtureImage {
  /** Repository below the prefix. */
  readonly name: string;
  /** Every tag names the same image: same config digest, same manifest digest. */
  readonly tags: readonly [string, ...string[]];
  readonly about: string;
  /** What its label says, its name unless given: images that are alike in everything else are one image then. */
  readonly label?: string;
  readonly content: FixtureContent;
  /** `USER`: a uid or name, optionally `:` and a gid or group name. */
  readonly user?: string;
  readonly entrypoint?: readonly string[];
  readonly cmd?: readonly string[];
  readonly workingDir?: string;
  readonly env?: readonly string[];
  readonly stopSignal?: string;
}

/**
 * `shell`: busybox with its applets in /bin, users and groups, /tmp and /var; one layer.
 * `set-uid`: that, and /bin/effective-user, which belongs to root, is set-uid, and has its effective uid as exit code.
 * `random`: incompressible layers over an empty image, one file `/layers/NNN` each; nothing in it can run.
 * `repetitive`: one layer that compresses to a small part of its size.
 */
export type FixtureContent =
  | { readonly kind: 'shell'; readonly compression: 'gzip' | 'none' }
  | { readonly kind: 'set-uid' }
  | { readonly kind: 'random'; readonly layerCount: number; readonly layerSizeBytes: number }
  | { readonly kind: 'repetitive'; readonly layerSizeBytes: number };

/** A line of /etc/passwd in every image with a shell. */
export interface FixtureUser {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
  readonly home: string;
}

/** A line of /etc/group in every image with a shell. */
export interface FixtureGroup {
  readonly name: string;
  readonly gid: number;
  readonly members: readonly string[];
}

export const fixtureUsers: readonly FixtureUser[] = [
  { name: 'root', uid: 0, gid: 0, home: '/root' },
  { name: 'daemon', uid: 1, gid: 1, home: '/usr/sbin' },
  { name: 'www-data', uid: 33, gid: 33, home: '/var/www' },
  { name: 'default-user', uid: 1000, gid: 1000, home: '/home/default-user' },
  { name: 'nobody', uid: 65534, gid: 65534, home: '/nonexistent' },
];

/** `group-defined-in-image` gives `default-user` a supplementary group that no pod configuration mentions. */
export const fixtureGroups: readonly FixtureGroup[] = [
  { name: 'root', gid: 0, members: [] },
  { name: 'daemon', gid: 1, members: [] },
  { name: 'www-data', gid: 33, members: [] },
  { name: 'default-user', gid: 1000, members: [] },
  { name: 'group-defined-in-image', gid: 50_000, members: ['default-user'] },
  { name: 'nogroup', gid: 65_534, members: [] },
];

const shell: FixtureContent = { kind: 'shell', compression: 'gzip' };
const MiB = 1024 * 1024;

/** The catalogue, by repository name. */
export const fixtureImages = {
  pause: {
    name: 'pause',
    tags: ['1'],
    about: 'sandbox image: PID 1 waits, reaps orphans, and exits with 0 on SIGTERM and SIGINT',
    content: shell,
    entrypoint: ['/bin/sh', '-c', 'trap "exit 0" TERM INT; while :; do sleep 2147483647 & wait $!; done'],
  },
  shell: { name: 'shell', tags: ['1'], about: 'a shell and its applets', content: shell, cmd: ['sh'] },
  'shell-plain-tar': {
    name: 'shell-plain-tar',
    tags: ['1'],
    about: 'the shell image with an uncompressed layer',
    content: { kind: 'shell', compression: 'none' },
    cmd: ['sh'],
  },
  tags: { name: 'tags', tags: ['1', '2', '3'], about: 'three tags of one image', content: shell, cmd: ['sh'] },
  untagged: {
    name: 'untagged',
    tags: ['latest'],
    about: 'what a reference without a tag stands for',
    content: shell,
    cmd: ['sh'],
  },
  'twin-one': {
    name: 'twin-one',
    tags: ['1'],
    about: 'an image that is in two repositories, the one of them',
    label: 'twin',
    content: shell,
    cmd: ['sh'],
  },
  'twin-two': {
    name: 'twin-two',
    tags: ['1'],
    about: 'an image that is in two repositories, the other of them',
    label: 'twin',
    content: shell,
    cmd: ['sh'],
  },
  'user-uid': { name: 'user-uid', tags: ['1'], about: 'USER is a uid', content: shell, user: '1002' },
  'user-name': { name: 'user-name', tags: ['1'], about: 'USER is a name', content: shell, user: 'www-data' },
  'user-uid-gid': {
    name: 'user-uid-gid',
    tags: ['1'],
    about: 'USER is uid and gid, neither in /etc',
    content: shell,
    user: '1003:1004',
  },
  'user-name-gid': {
    name: 'user-name-gid',
    tags: ['1'],
    about: 'USER is a name and a gid that is not in /etc/group',
    content: shell,
    user: 'www-data:1004',
  },
  'user-groups': {
    name: 'user-groups',
    tags: ['1'],
    about: 'USER has a supplementary group (50000) in /etc/group',
    content: shell,
    user: 'default-user',
  },
  'set-uid': {
    name: 'set-uid',
    tags: ['1'],
    about: 'a set-uid program of root’s that tells who it runs as',
    content: { kind: 'set-uid' },
    cmd: ['sh'],
  },
  'entrypoint-cmd': {
    name: 'entrypoint-cmd',
    tags: ['1'],
    about: 'ENTRYPOINT prints its arguments, CMD is the default argument',
    content: shell,
    entrypoint: ['/bin/echo', 'from-entrypoint'],
    cmd: ['from-cmd'],
  },
  'cmd-only': {
    name: 'cmd-only',
    tags: ['1'],
    about: 'CMD without ENTRYPOINT',
    content: shell,
    cmd: ['/bin/echo', 'from-cmd'],
  },
  'working-dir': {
    name: 'working-dir',
    tags: ['1'],
    about: 'WORKDIR that exists in the image; CMD prints it',
    content: shell,
    workingDir: '/var/crible',
    cmd: ['/bin/pwd'],
  },
  env: {
    name: 'env',
    tags: ['1'],
    about: 'ENV, among it a value with a space and an equals sign; CMD prints the environment',
    content: shell,
    env: ['PATH=/bin', 'CRIBLE_FROM_IMAGE=from-image', 'CRIBLE_ODD=a b=c'],
    cmd: ['/bin/env'],
  },
  'stop-signal': {
    name: 'stop-signal',
    tags: ['1'],
    about: 'STOPSIGNAL SIGINT; exits with 42 on SIGINT and with 43 on SIGTERM',
    content: shell,
    stopSignal: 'SIGINT',
    entrypoint: [
      '/bin/sh',
      '-c',
      'trap "exit 42" INT; trap "exit 43" TERM; echo ready; while :; do sleep 3600 & wait $!; done',
    ],
  },
  'layers-big': {
    name: 'layers-big',
    tags: ['1'],
    about: 'one big layer',
    content: { kind: 'random', layerCount: 1, layerSizeBytes: 64 * MiB },
  },
  'layers-medium': {
    name: 'layers-medium',
    tags: ['1'],
    about: 'fourteen medium layers',
    content: { kind: 'random', layerCount: 14, layerSizeBytes: 2 * MiB },
  },
  'layers-small': {
    name: 'layers-small',
    tags: ['1'],
    about: 'sixty small layers',
    content: { kind: 'random', layerCount: 60, layerSizeBytes: 16 * 1024 },
  },
  compressible: {
    name: 'compressible',
    tags: ['1'],
    about: 'one gzip layer that unpacks to many times its size',
    content: { kind: 'repetitive', layerSizeBytes: 8 * MiB },
  },
} as const satisfies Record<string, FixtureImage>;

export type FixtureName = keyof typeof fixtureImages;

/** `NAME:TAG` of a catalogue image, to be put after the prefix. */
export function fixtureReference(name: FixtureName, tag: string = fixtureImages[name].tags[0]): string {
  return `${name}:${tag}`;
}

/**
 * `mint/NAME:TAG`: the shell image with a small layer and a label of its own, so its config digest (the image id) is
 * shared with no other reference. For images that a case removes: removing by id drops every name of an image.
 * @param name lower-case letters, digits, `.`, `_`, `-` and `/`, as a repository name may have.
 */
export function mintReference(name: string, tag = '1'): string {
  return `mint/${name}:${tag}`;
}

/**
 * `sized/COUNTxKIBk/NAME:TAG`: random layers that no other reference shares, for pulls that must not find anything local.
 * @param layerSizeKib size of each layer's one file, in KiB.
 */
export function sizedReference(layerCount: number, layerSizeKib: number, name: string, tag = '1'): string {
  return `sized/${String(layerCount)}x${String(layerSizeKib)}k/${name}:${tag}`;
}
