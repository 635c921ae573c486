import { Range, SemVer, satisfies, validRange } from 'semver';

/**
 * The release that a runtime's version string names: major.minor.patch, with missing parts as 0. Whatever follows is left
 * out: distributions append to a release (`1.6.20~ds1`, `2.1.9+unknown`, `28.5.2+dfsg4`), and a pre-release or development
 * build (`1.37.0-dev`) behaves like the release that it becomes, so ranges over releases must hold for it.
 */
export function parseVersion(text: string): SemVer | undefined {
  const parts = /^v?(?<major>\d{1,9})(?:\.(?<minor>\d{1,9}))?(?:\.(?<patch>\d{1,9}))?/.exec(text.trim())?.groups;
  if (!parts) return undefined;
  const { major = '0', minor = '0', patch = '0' } = parts;
  return new SemVer([major, minor, patch].map((part) => String(Number(part))).join('.'));
}

/** Whether `isInRange` can be asked about it. */
export function isRange(range: string): boolean {
  return range.trim() !== '' && validRange(range) !== null;
}

/**
 * Whether a runtime's version lies in a range such as `<1.6.35 || >=1.7.0 <1.7.21`. A version that names no release lies
 * in `*` only.
 */
export function isInRange(version: string, range: string): boolean {
  const release = parseVersion(version);
  return release ? satisfies(release, new Range(range)) : range.trim() === '*';
}

/** Whether a version is the given release or a later one; no when either cannot be read. */
export function isAtLeast(version: string, release: string): boolean {
  const [one, other] = [parseVersion(version), parseVersion(release)];
  return one !== undefined && other !== undefined && one.compare(other) >= 0;
}
