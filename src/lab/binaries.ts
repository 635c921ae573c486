import { execFile } from 'node:child_process';
import { accessSync, constants, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { Binary } from '../model/target.ts';
import { busyboxFlaw } from './busybox.ts';
import { LabError } from './lab-error.ts';
import { hasApt, releaseCodename, type Errand } from './packages/apt.ts';
import { cachedVersion, fetchPackages, fetchVersion, isOfSeries } from './packages/fetch-packages.ts';
import { libraryFolders, unpackedPackages, type UnpackedPackage } from './packages/package-cache.ts';

/** The programs of a containerd lab. */
export interface ContainerdBinaries {
  readonly containerd: Binary;
  readonly shim: Binary;
  /** By handler name; at least one. */
  readonly handlers: Readonly<Record<string, Binary>>;
  readonly busybox: Binary;
  readonly cniFolder: string;
  readonly cniPlugins: readonly Binary[];
  /** For the daemon's LD_LIBRARY_PATH: libraries that unpacked programs need and the machine lacks. */
  readonly libraryFolders: readonly string[];
  /** Handlers that this lab should have and has not, with the reason, in sentences. */
  readonly missing: readonly string[];
}

/** A program, the package that has it, and where it lies in the package; other releases may have it elsewhere. */
interface Wanted {
  readonly name: string;
  readonly package: string;
  readonly folders: readonly string[];
  /** CNI plug-ins are not: `bridge` on PATH is another program. */
  readonly onPath: boolean;
  readonly flaw?: (path: string) => Promise<string | undefined>;
}

const programFolders = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'];
const cniFolders = ['/opt/cni/bin', '/usr/lib/cni', '/usr/libexec/cni'];
const cniNames = ['bridge', 'host-local', 'loopback', 'portmap'];
const containerdProgram = program('containerd', 'containerd');
const shimProgram = program('containerd-shim-runc-v2', 'containerd');
const handlerNames = ['runc', 'crun'];
const busyboxProgram: Wanted = { ...program('busybox', 'busybox-static'), flaw: busyboxFlaw };
const cniProgram: Wanted = {
  name: 'bridge',
  package: 'containernetworking-plugins',
  folders: cniFolders,
  onPath: false,
};

function program(name: string, packageName: string): Wanted {
  return { name, package: packageName, folders: programFolders, onPath: true };
}

/** Only a static busybox, for building images where no lab is started. */
export async function findBusybox(errand: Errand): Promise<Binary> {
  const [busybox] = await find([busyboxProgram], errand);
  if (busybox) return busybox;
  throw missingError(['busybox (statically linked)']);
}

/**
 * Finds what a containerd lab runs: on PATH and in the usual folders, else in packages of the distribution that are
 * unpacked into crible's home. With a version, containerd and its shim are of that version, the rest is this release's.
 * @throws LabError `no-binaries`, `version-not-found`, `package-download-failed`
 */
export async function findContainerdBinaries(version: string | undefined, errand: Errand): Promise<ContainerdBinaries> {
  const handlersWanted = handlerNames.map((name) => program(name, name));
  const daemonWanted = version === undefined ? [containerdProgram, shimProgram] : [];
  const found = await find([...daemonWanted, ...handlersWanted, busyboxProgram, cniProgram], errand);
  const daemon = version === undefined ? found.slice(0, 2) : await findDaemon(version, errand);
  const [containerd, shim] = daemon;
  const [runc, crun, busybox, bridge] = found.slice(daemonWanted.length);

  const libraries = libraryFolders(unpackedPackages(releaseCodename() ?? 'none'));
  const handlers = await working({ runc, crun }, libraries);
  const names = Object.keys(handlers);
  const absent = [
    ...(containerd ? [] : ['containerd']),
    ...(shim ? [] : ['containerd-shim-runc-v2']),
    ...(names.length > 0 ? [] : handlerNames),
    ...(busybox ? [] : ['busybox (statically linked)']),
    ...(bridge ? [] : ['the CNI plug-ins bridge, host-local, loopback']),
  ];
  if (!containerd || !shim || !busybox || !bridge || absent.length > 0) throw missingError(absent);
  const cniFolder = dirname(bridge.path);
  return {
    containerd,
    shim,
    handlers,
    busybox,
    cniFolder,
    cniPlugins: cniNames
      .filter((name) => isExecutable(join(cniFolder, name)))
      .map((name) => ({ ...bridge, name, path: join(cniFolder, name) })),
    libraryFolders: libraries,
    missing: handlerNames
      .filter((name) => !names.includes(name))
      .map((name) => `no handler ${name}: the program is not on this machine, or does not run on it`),
  };
}

/** Finds each program; those that are nowhere are fetched together. */
async function find(wanted: readonly Wanted[], errand: Errand): Promise<readonly (Binary | undefined)[]> {
  const first = await Promise.all(wanted.map(locate));
  const packages = [...new Set(wanted.filter((_, index) => !first[index]).map((program) => program.package))];
  if (packages.length === 0 || !hasApt()) return first;
  const unpacked = await fetchPackages(packages, errand);
  return wanted.map((program, index) => first[index] ?? inPackages(program, unpacked));
}

async function locate(wanted: Wanted): Promise<Binary | undefined> {
  for (const folder of [...(wanted.onPath ? pathFolders() : []), ...wanted.folders]) {
    const path = join(folder, wanted.name);
    if (!isExecutable(path) || (await wanted.flaw?.(path)) !== undefined) continue;
    return { name: wanted.name, path, version: await versionOf(path), from: 'PATH' };
  }
  return inPackages(wanted, unpackedPackages(releaseCodename() ?? 'none'));
}

/** containerd and its shim in a version: this machine's if it happens to be that, else the distribution's. */
async function findDaemon(version: string, errand: Errand): Promise<readonly (Binary | undefined)[]> {
  const wanted = [containerdProgram, shimProgram];
  const own = await Promise.all(wanted.map(locate));
  const [containerd] = own;
  if (containerd && isOfSeries(containerd.version.replace(/^v/, ''), version)) return own;
  const cached = cachedVersion('containerd', version);
  if (!cached && !hasApt()) throw missingError([`containerd ${version}`]);
  const unpacked = cached ?? (await fetchVersion('containerd', version, errand));
  return wanted.map((program) => inPackages(program, [unpacked]));
}

function inPackages(wanted: Wanted, packages: readonly UnpackedPackage[]): Binary | undefined {
  const unpacked = packages.find(({ name }) => name === wanted.package);
  if (!unpacked) return undefined;
  const path = wanted.folders.map((folder) => join(unpacked.folder, folder, wanted.name)).find(isExecutable);
  const { name, version } = unpacked;
  return path === undefined
    ? undefined
    : { name: wanted.name, path, version, from: `debian package ${name} ${version}` };
}

/** Handlers whose program starts; one whose libraries are missing or too old does not. */
async function working(
  handlers: Readonly<Record<string, Binary | undefined>>,
  libraries: readonly string[],
): Promise<Readonly<Record<string, Binary>>> {
  const there = Object.values(handlers).filter((binary) => binary !== undefined);
  const versions = await Promise.all(there.map(({ path }) => versionOf(path, libraries)));
  const works = there.filter((_, index) => versions[index] !== unknownVersion);
  return Object.fromEntries(works.map((binary) => [binary.name, binary]));
}

const unknownVersion = 'unknown';
const run = promisify(execFile);

/** What a program answers to --version, its first number-like word. */
async function versionOf(path: string, libraries: readonly string[] = []): Promise<string> {
  // crun makes a folder for its state whatever it is asked; with this variable here, else in /run.
  const scratch = mkdtempSync(join(tmpdir(), 'crible-version-'));
  try {
    const env = { XDG_RUNTIME_DIR: scratch, ...(libraries.length > 0 ? { LD_LIBRARY_PATH: libraries.join(':') } : {}) };
    const { stdout } = await run(path, ['--version'], { timeout: 5000, env });
    return /\bv?\d+\.\d+\S*/.exec(stdout)?.[0] ?? unknownVersion;
  } catch {
    return unknownVersion;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function missingError(absent: readonly string[]): LabError {
  const why = hasApt() ? 'nor in the packages of the distribution' : 'and there is no apt-get here to fetch it with';
  return new LabError(
    'no-binaries',
    `not found on PATH, ${why}: ${absent.join(', ')}`,
    'put the named programs on PATH, or name the socket of a runtime that is there instead of a lab',
  );
}

function pathFolders(): readonly string[] {
  return (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
