import { execFile } from 'node:child_process';
import { basename, isAbsolute } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import type { CriClient } from '../cri/client.ts';
import { CriError } from '../cri/error.ts';
import type { Binary } from '../model/target.ts';
import type { ImageSource } from './target-context.ts';

const run = promisify(execFile);

export interface FactorOptions {
  /** Empty for the default handler. */
  readonly handler: string;
  readonly images: ImageSource;
  /** Fixture images whose digests are asked for, as `shell:1`; those that are not there are left out. */
  readonly imageNames: readonly string[];
  /** Programs of the target whose versions are known, as a lab's. */
  readonly binaries: readonly Binary[];
  /** Whether the runtime runs on this machine, so that its other programs can be asked for their version. */
  readonly local: boolean;
  /** Whether the page cache is emptied before images are pulled. */
  readonly pageCacheDropped: boolean;
}

/**
 * What makes targets differ and Status(verbose) does not tell under one name for all runtimes; keys and values join
 * `Target.configuration`. What cannot be found out is left out.
 */
export async function machineFactors(
  cri: CriClient,
  options: FactorOptions,
): Promise<Readonly<Record<string, string>>> {
  const { info } = await cri.runtime.status({ verbose: true });
  const { handler, images, imageNames, pageCacheDropped } = options;
  const program = lowLevelRuntime(info['config'], handler);
  const found: Record<string, string | undefined> = {
    cni: cniPlugins(info['cniconfig']),
    storage: await storage(cri),
    lowLevelRuntime: program === undefined ? undefined : await named(program, options),
    pageCache: pageCacheDropped ? 'dropped before pulls' : 'as found',
  };
  for (const name of imageNames) {
    const { image } = await cri.image.imageStatus({ image: { image: `${images.prefix}/${name}` } });
    // The id is the digest of the image's configuration, whatever registry it came from.
    found[`image ${name}`] = image?.id;
  }
  return Object.fromEntries(
    Object.entries(found).flatMap(([factor, value]) => (value === undefined ? [] : [[factor, value]])),
  );
}

const cniSchema = z.object({
  Networks: z.array(
    z.object({ Config: z.object({ Plugins: z.array(z.object({ Network: z.object({ type: z.string() }) })) }) }),
  ),
});

/** Types of the CNI plug-ins, in their order, from containerd's `cniconfig`; the loopback plug-in is in every one. */
export function cniPlugins(cniconfig: string | undefined): string | undefined {
  const config = cniSchema.safeParse(json(cniconfig));
  if (!config.success) return undefined;
  const types = config.data.Networks.flatMap(({ Config }) => Config.Plugins.map(({ Network }) => Network.type));
  return types.filter((type) => type !== 'loopback').join(' + ') || undefined;
}

async function storage(cri: CriClient): Promise<string | undefined> {
  try {
    const { imageFilesystems } = await cri.image.imageFsInfo({});
    return storageOf(imageFilesystems[0]?.fsId?.mountpoint ?? '');
  } catch (error) {
    if (!(error instanceof CriError)) throw error;
    return undefined;
  }
}

/**
 * The storage driver by the folder of the images, which all runtimes tell: `io.containerd.snapshotter.v1.overlayfs` of
 * containerd, `overlay-images` of CRI-O, `/var/lib/docker` of Docker, which says nothing. containerd's overlayfs and CRI-O's
 * overlay are the same file system.
 */
export function storageOf(mountpoint: string): string | undefined {
  const name = basename(mountpoint);
  const driver = /^io\.containerd\.snapshotter\.v1\.([\w-]+)$/.exec(name)?.[1] ?? /^(\w+)-images$/.exec(name)?.[1];
  return driver === 'overlayfs' ? 'overlay' : driver;
}

const text = z.string().optional().catch(undefined);
const containerdSchema = z.object({
  containerd: z.object({
    defaultRuntimeName: text,
    runtimes: z.record(
      z.string(),
      z.object({ runtimeType: text, options: z.object({ BinaryName: text }).nullish().catch(undefined) }),
    ),
  }),
});
const crioSchema = z.object({
  crio: z.object({ DefaultRuntime: text, Runtimes: z.record(z.string(), z.object({ RuntimePath: text })) }),
});

/** The program that a handler stands for, by the runtime's own configuration. */
export function lowLevelRuntime(config: string | undefined, handler: string): string | undefined {
  const value = json(config);
  const crio = crioSchema.safeParse(value);
  if (crio.success) {
    const { DefaultRuntime = '', Runtimes } = crio.data.crio;
    return Runtimes[handler || DefaultRuntime]?.RuntimePath;
  }
  const containerd = containerdSchema.safeParse(value);
  if (!containerd.success) return undefined;
  const { defaultRuntimeName = '', runtimes } = containerd.data.containerd;
  const runtime = runtimes[handler || defaultRuntimeName];
  const binary = runtime?.options?.BinaryName ?? '';
  if (binary !== '') return binary;
  // An empty name means the shim's own choice, which is runc for the runc shim.
  return runtime?.runtimeType === 'io.containerd.runc.v2' ? 'runc' : undefined;
}

/** Programs that tell their version and do nothing else when they are asked for it. */
const askable = ['runc', 'crun', 'youki', 'runsc'];

/** Name and version of a program; the name alone where the version is not to be had. */
async function named(program: string, { binaries, local }: FactorOptions): Promise<string> {
  const name = basename(program);
  const known = binaries.find(({ path }) => path === program)?.version;
  const version = known ?? (local ? await versionOf(program) : undefined);
  return version === undefined ? name : `${name} ${version}`;
}

/** What the program says of its version, as in `runc version 1.1.5`; its path comes from the runtime, so only known programs are run. */
async function versionOf(program: string): Promise<string | undefined> {
  if (!askable.includes(basename(program)) || (program.includes('/') && !isAbsolute(program))) return undefined;
  try {
    const { stdout } = await run(program, ['--version'], { timeout: 2_000, maxBuffer: 65_536 });
    return /^\S+ version (\S{1,60})/.exec(stdout)?.[1];
  } catch {
    return undefined;
  }
}

function json(value: string | undefined): unknown {
  try {
    return JSON.parse(value ?? 'null');
  } catch {
    return null;
  }
}
