import { hostname } from 'node:os';
import { join } from 'node:path';
import { StatusError } from '../cri/handler.ts';
import { MountPropagation, NamespaceMode } from '../cri/messages.ts';
import type { ContainerConfig, Mount, PodSandboxConfig } from '../cri/messages.ts';
import type { StoredImage } from './images.ts';
import { namespaceOptions } from './pod-sandboxes.ts';
import type { PodSandbox } from './pod-sandboxes.ts';
import { numberOfSignal, SIGTERM, signalNumber } from './signal-number.ts';
import { ContainerFiles } from './surroundings.ts';
import type { Surroundings } from './surroundings.ts';
import { idMaps } from './user-namespace.ts';
import { containerUser } from './user.ts';

/** What a container will run, and in which surroundings: the container's configuration laid over the image's. */
export interface ContainerSpecification {
  readonly argv: readonly string[];
  readonly surroundings: Surroundings;
  /** Whether its main process is PID 1 of a namespace of its own. */
  readonly ownPidNamespace: boolean;
  /** Absolute; empty when no log is kept, for want of a log_path or of the sandbox's log_directory. */
  readonly logPath: string;
  /** The number of the signal that asks it to stop. */
  readonly stopSignal: number;
}

const defaultPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** @throws StatusError InvalidArgument when the configuration contradicts itself or leaves nothing to run. */
export function specify(
  config: ContainerConfig,
  { config: podConfig, network }: PodSandbox,
  image: StoredImage,
): ContainerSpecification {
  const inherited = image.content.config;
  for (const mount of config.mounts) checkMount(mount);
  return {
    argv: argvOf(config, inherited.Entrypoint, inherited.Cmd),
    surroundings: {
      variables: variablesOf(config, podConfig, inherited.Env),
      workingDirectory: [config.workingDir, inherited.WorkingDir].find((folder) => folder !== '') ?? '/',
      hostname: hostnameOf(podConfig),
      user: containerUser(config.linux?.securityContext, inherited.User),
      files: new ContainerFiles(idMaps(podConfig)),
      network,
    },
    ownPidNamespace: config.linux?.securityContext?.namespaceOptions?.pid === NamespaceMode.CONTAINER,
    logPath: config.logPath === '' || podConfig.logDirectory === '' ? '' : join(podConfig.logDirectory, config.logPath),
    stopSignal: numberOfSignal(config.stopSignal) ?? signalNumber(inherited.StopSignal) ?? SIGTERM,
  };
}

/** As Kubernetes documents it: command replaces the entry point and with it the image's arguments, args replace the arguments alone. */
function argvOf(
  { command, args }: ContainerConfig,
  entrypoint: readonly string[],
  cmd: readonly string[],
): readonly string[] {
  const argv = command.length > 0 ? [...command, ...args] : [...entrypoint, ...(args.length > 0 ? args : cmd)];
  if (argv.length === 0) {
    throw new StatusError('InvalidArgument', 'no command specified: neither the config nor the image has one');
  }
  return argv;
}

function variablesOf(
  { envs }: ContainerConfig,
  podConfig: PodSandboxConfig,
  imageEnv: readonly string[],
): Readonly<Record<string, string>> {
  const ofImage = imageEnv.map((pair): [string, string] => {
    const [name = '', ...value] = pair.split('=');
    return [name, value.join('=')];
  });
  return Object.fromEntries<string>([
    ['PATH', defaultPath],
    ['HOSTNAME', hostnameOf(podConfig)],
    ...ofImage,
    ...envs.map(({ key, value }): [string, string] => [key, Buffer.from(value).toString()]),
  ]);
}

/** Only in the node's network may a sandbox go without a hostname; the node's own then shows. */
function hostnameOf(podConfig: PodSandboxConfig): string {
  const inNodeNetwork = namespaceOptions(podConfig)?.network === NamespaceMode.NODE;
  return podConfig.hostname === '' || inNodeNetwork ? hostname() : podConfig.hostname;
}

/** Nothing is mounted here; what contradicts itself is refused all the same. */
function checkMount({ containerPath, hostPath, image, readonly, recursiveReadOnly, propagation }: Mount): void {
  const refuse = (why: string): never => {
    throw new StatusError('InvalidArgument', `mount of ${containerPath}: ${why}`);
  };
  if (containerPath === '') throw new StatusError('InvalidArgument', 'a mount needs a container_path');
  if (image && (hostPath !== '' || !readonly)) refuse('of an image it must be readonly and have no host_path');
  if (recursiveReadOnly && (!readonly || propagation !== MountPropagation.PROPAGATION_PRIVATE))
    refuse('recursive_read_only takes readonly and private propagation');
}
