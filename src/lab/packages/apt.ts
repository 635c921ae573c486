import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { LabError } from '../lab-error.ts';
import { distributionSources, formatSources, machineSources } from './apt-sources.ts';
import { suiteFolder } from './package-cache.ts';

/** Words that go to the user while something takes long, and the signal that ends it. */
export interface Errand {
  readonly progress?: ((line: string) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Codename of this machine's release, such as `bookworm`. */
export function releaseCodename(): string | undefined {
  try {
    const release = readFileSync('/etc/os-release', 'utf8');
    return /^VERSION_CODENAME="?(?<codename>[\w.-]+)"?$/m.exec(release)?.groups?.['codename'];
  } catch {
    return undefined;
  }
}

/** Whether packages can be fetched and unpacked here at all. */
export function hasApt(): boolean {
  return releaseCodename() !== undefined && ['apt-get', 'dpkg-deb'].every((program) => onPath(program));
}

function onPath(program: string): boolean {
  return (process.env['PATH'] ?? '').split(delimiter).some((folder) => existsSync(join(folder, program)));
}

/**
 * apt with private lists, cache and archives: reads the machine's sources, keys and proxy settings, and changes nothing
 * of the machine's. The package status is read so that only missing libraries are fetched; `ownStatus` pretends an
 * empty machine instead, for packages of another suite.
 */
export class Apt {
  readonly folder: string;
  readonly archives: string;
  readonly #configuration: string;

  constructor(suite: string, codename: string) {
    this.folder = join(suiteFolder(suite), '.apt');
    this.archives = join(this.folder, 'archives');
    rmSync(this.folder, { recursive: true, force: true });
    for (const name of ['lists/partial', 'archives/partial', 'cache']) {
      mkdirSync(join(this.folder, name), { recursive: true });
    }
    const sources = join(this.folder, 'crible.sources');
    writeFileSync(sources, formatSources(distributionSources(machineSources(), codename, suite)));
    if (suite !== codename) writeFileSync(join(this.folder, 'status'), '');
    this.#configuration = join(this.folder, 'apt.conf');
    writeFileSync(this.#configuration, this.#settings(sources, suite !== codename));
  }

  #settings(sources: string, ownStatus: boolean): string {
    // Hooks are the machine's: they tell desktop services that its own lists changed, which they did not.
    const cleared = ['APT::Update::Pre-Invoke', 'APT::Update::Post-Invoke', 'APT::Update::Post-Invoke-Success'];
    const settings: Readonly<Record<string, string>> = {
      'Dir::State::lists': join(this.folder, 'lists'),
      'Dir::Cache': join(this.folder, 'cache'),
      'Dir::Cache::archives': this.archives,
      'Dir::Etc::sourcelist': sources,
      'Dir::Etc::sourceparts': '-',
      'Debug::NoLocking': 'true',
      'Acquire::Languages': 'none',
      'Acquire::Retries': '2',
      ...(ownStatus
        ? {
            'Dir::State::status': join(this.folder, 'status'),
            'Dir::Etc::preferences': '-',
            'Dir::Etc::preferencesparts': '-',
          }
        : {}),
    };
    return [
      ...cleared.map((name) => `#clear ${name};`),
      ...Object.entries(settings).map(([name, value]) => `${name} ${JSON.stringify(value)};`),
      '',
    ].join('\n');
  }

  /** Fetches the package lists. */
  update(errand: Errand): Promise<string> {
    return this.#apt('apt-get', ['update'], errand);
  }

  /** Fetches packages and those of their dependencies that the machine lacks. */
  downloadWithDependencies(packages: readonly string[], errand: Errand): Promise<string> {
    return this.#apt('apt-get', ['install', '-d', '-y', '--no-install-recommends', ...packages], errand);
  }

  /** Fetches packages alone. */
  download(packages: readonly string[], errand: Errand): Promise<string> {
    return this.#apt('apt-get', ['download', ...packages], errand);
  }

  /** The version that would be fetched. */
  async candidate(name: string, errand: Errand): Promise<string | undefined> {
    const policy = await this.#apt('apt-cache', ['policy', name], errand);
    const version = /^\s*Candidate:\s*(?<version>\S+)/m.exec(policy)?.groups?.['version'];
    return version === '(none)' ? undefined : version;
  }

  /** Removes lists and archives; what was unpacked lies elsewhere. */
  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  #apt(program: string, command: readonly string[], { progress, signal }: Errand): Promise<string> {
    progress?.(`${program} ${command.join(' ')} (into ${this.folder}; nothing is installed)`);
    return runTool(program, ['-q', '-c', this.#configuration, ...command], { cwd: this.archives, signal });
  }
}

/**
 * Runs a program of the distribution's package tools.
 * @returns what it wrote to its standard output
 * @throws LabError `package-download-failed` with the end of what it said
 */
export async function runTool(
  program: string,
  arguments_: readonly string[],
  { cwd, signal }: { readonly cwd: string; readonly signal?: AbortSignal | undefined },
): Promise<string> {
  const child = spawn(program, arguments_, {
    cwd,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, LC_ALL: 'C', DEBIAN_FRONTEND: 'noninteractive' },
    ...(signal === undefined ? {} : { signal }),
  });
  let output = '';
  let everything = '';
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString();
    everything += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => (everything += chunk.toString()));
  const problem = await new Promise<string | undefined>((resolve) => {
    child.once('error', (error) => {
      resolve(error.message);
    });
    child.once('close', (code) => {
      resolve(code === 0 ? undefined : `exit code ${String(code)}`);
    });
  });
  if (problem === undefined) return output;
  if (signal?.aborted) throw new LabError('aborted', 'interrupted while fetching packages', '');
  throw new LabError(
    'package-download-failed',
    `${program} ${arguments_.join(' ')} failed (${problem}):\n${everything.trim().split('\n').slice(-8).join('\n')}`,
    'check that apt-get update works on this machine, or put containerd, runc, crun, the CNI plug-ins and a static busybox on PATH',
  );
}
