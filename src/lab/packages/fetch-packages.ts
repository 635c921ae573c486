import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { LabError } from '../lab-error.ts';
import { withHostLock } from '../host-lock.ts';
import { Apt, releaseCodename, runTool, type Errand } from './apt.ts';
import { recordPackages, suiteFolder, unpackedPackages, type UnpackedPackage } from './package-cache.ts';

/** Packages of this machine's release with the libraries that the machine lacks, unpacked into crible's home. */
export async function fetchPackages(names: readonly string[], errand: Errand): Promise<readonly UnpackedPackage[]> {
  const codename = requireCodename();
  return locked(codename, errand, async () => {
    const apt = new Apt(codename, codename);
    await apt.update(errand);
    await apt.downloadWithDependencies(names, errand);
    await unpackArchives(apt, codename, errand);
    return unpackedPackages(codename);
  });
}

/**
 * One package in a given version, from whichever suite of the distribution has it; without its dependencies.
 * @param series a version or its beginning, such as `1.7`
 * @throws LabError `version-not-found` naming the versions that there are
 */
export async function fetchVersion(
  name: string,
  series: string,
  errand: Errand,
): Promise<UnpackedPackage & { readonly suite: string }> {
  const codename = requireCodename();
  const seen: string[] = [];
  for (const suite of suitesFor(series, codename)) {
    const found = await locked(suite, errand, async () => {
      const apt = new Apt(suite, codename);
      await apt.update(errand);
      const version = await apt.candidate(name, errand);
      if (version === undefined) return undefined;
      seen.push(`${version} (${suite})`);
      if (!isOfSeries(version, series)) return undefined;
      await apt.download([name], errand);
      await unpackArchives(apt, suite, errand);
      return unpackedVersion(name, series, suite);
    });
    if (found) return found;
  }
  throw new LabError(
    'version-not-found',
    `no suite of the distribution has ${name} ${series}; there are ${seen.join(', ') || 'none'}`,
    `ask for one of those, or put the wanted ${name} first on PATH`,
  );
}

/** A package in a given version that was unpacked before. */
export function cachedVersion(
  name: string,
  series: string,
): (UnpackedPackage & { readonly suite: string }) | undefined {
  const codename = releaseCodename();
  if (codename === undefined) return undefined;
  for (const suite of suitesFor(series, codename)) {
    const found = unpackedVersion(name, series, suite);
    if (found) return found;
  }
  return undefined;
}

/** Whether a package's version belongs to a series: `1.7.24~ds1-6` is of 1.7 and of 1.7.24, not of 1.70 or 1. */
export function isOfSeries(version: string, series: string): boolean {
  const upstream = version.replace(/^\d+:/, '');
  return upstream.startsWith(series) && !/^[\d]/.test(upstream.slice(series.length));
}

/** Debian's suites that run beside an older release; the order of trying begins with where a series was last seen. */
const lastSeen: readonly { readonly series: string; readonly suite: string }[] = [
  { series: '1.6', suite: 'bookworm' },
  { series: '1.7', suite: 'trixie' },
  { series: '2', suite: 'sid' },
];

function suitesFor(series: string, codename: string): readonly string[] {
  const likely = lastSeen.filter((seen) => series.startsWith(seen.series)).map(({ suite }) => suite);
  return [...new Set([...likely, codename, 'bookworm', 'trixie', 'sid'])];
}

function unpackedVersion(
  name: string,
  series: string,
  suite: string,
): (UnpackedPackage & { readonly suite: string }) | undefined {
  const unpacked = unpackedPackages(suite).find(
    (candidate) => candidate.name === name && isOfSeries(candidate.version, series),
  );
  return unpacked && { ...unpacked, suite };
}

function requireCodename(): string {
  const codename = releaseCodename();
  if (codename !== undefined) return codename;
  throw new LabError('no-binaries', '/etc/os-release names no release (VERSION_CODENAME)', '');
}

function locked<T>(suite: string, { signal }: Errand, work: () => Promise<T>): Promise<T> {
  return withHostLock(`packages${suiteFolder(suite)}`, work, { patienceMs: 600_000, signal });
}

/** Unpacks every fetched archive into a folder of its own; a folder that has its final name is complete. */
async function unpackArchives(apt: Apt, suite: string, { progress, signal }: Errand): Promise<void> {
  const archives = readdirSync(apt.archives).filter((name) => name.endsWith('.deb'));
  progress?.(`unpacking ${String(archives.length)} packages below ${suiteFolder(suite)}`);
  const unpacked: UnpackedPackage[] = [];
  for (const archive of archives) {
    const [name = '', version = ''] = decodeURIComponent(archive).split('_');
    const folder = join(suiteFolder(suite), `${name}_${version.replace(/^\d+:/, '')}`);
    unpacked.push({ name, version, folder });
    if (existsSync(folder)) continue;
    const incomplete = `${folder}.part`;
    rmSync(incomplete, { recursive: true, force: true });
    mkdirSync(incomplete, { recursive: true });
    await runTool('dpkg-deb', ['-x', join(apt.archives, archive), incomplete], { cwd: apt.folder, signal });
    renameSync(incomplete, folder);
  }
  recordPackages(suite, unpacked);
  apt.remove();
}
