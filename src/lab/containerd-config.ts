/** Everything that the configuration of a private containerd depends on. */
export interface ContainerdSettings {
  readonly version: { readonly major: number; readonly minor: number };
  readonly root: string;
  readonly state: string;
  readonly socket: string;
  /** For the opt plug-in, image verifiers and the like, which otherwise make folders below /opt and /etc. */
  readonly privateFolder: string;
  readonly snapshotter: 'overlayfs' | 'native';
  readonly sandboxImage: string;
  /** The first is the default. */
  readonly handlers: readonly { readonly name: string; readonly path: string; readonly stateRoot: string }[];
  readonly cni: { readonly pluginFolders: readonly string[]; readonly configurationFolder: string };
  /** Where the kernel refuses to lower oom_score_adj (no CAP_SYS_RESOURCE), containers would not start without this. */
  readonly restrictOomScoreAdj: boolean;
}

const unneededPlugins = [
  'io.containerd.snapshotter.v1.aufs',
  'io.containerd.snapshotter.v1.blockfile',
  'io.containerd.snapshotter.v1.btrfs',
  'io.containerd.snapshotter.v1.devmapper',
  'io.containerd.snapshotter.v1.erofs',
  'io.containerd.snapshotter.v1.zfs',
  'io.containerd.internal.v1.tracing',
  'io.containerd.tracing.processor.v1.otlp',
];

/**
 * config.toml of a private containerd: schema version 2 for 1.x, 3 for 2.x (which 2.3 and later still read). Every
 * path that containerd would otherwise share with an instance of the host's is set, also those with harmless defaults;
 * what has no key (/run/containerd/s, /var/lib/cni) is kept apart by the daemon's mount namespace. All else is default.
 */
export function containerdConfig(settings: ContainerdSettings): string {
  const cri = settings.version.major >= 2 ? criOf2(settings) : criOf1(settings);
  const unused = settings.snapshotter === 'overlayfs' ? 'native' : 'overlayfs';
  return [
    assignments({
      version: settings.version.major >= 2 ? 3 : 2,
      root: settings.root,
      state: settings.state,
      imports: [],
      disabled_plugins: [...unneededPlugins, `io.containerd.snapshotter.v1.${unused}`],
    }),
    table('grpc', { address: settings.socket }),
    table('ttrpc', { address: `${settings.socket}.ttrpc` }),
    table(plugin('io.containerd.internal.v1.opt'), { path: `${settings.privateFolder}/opt` }),
    table(plugin('io.containerd.nri.v1.nri'), {
      disable: true,
      socket_path: `${settings.privateFolder}/nri.sock`,
      plugin_path: `${settings.privateFolder}/nri`,
      plugin_config_path: `${settings.privateFolder}/nri.d`,
    }),
    ...cri,
  ].join('\n');
}

function criOf1({ version, sandboxImage, snapshotter, cni, ...settings }: ContainerdSettings): readonly string[] {
  const cri = plugin('io.containerd.grpc.v1.cri');
  return [
    table(cri, {
      sandbox_image: sandboxImage,
      restrict_oom_score_adj: settings.restrictOomScoreAdj,
      netns_mounts_under_state_dir: true,
      stream_server_address: '127.0.0.1',
      stream_server_port: '0',
      ...(version.minor >= 7 ? { cdi_spec_dirs: [`${settings.privateFolder}/cdi`] } : {}),
    }),
    table(`${cri}.containerd`, { snapshotter, default_runtime_name: settings.handlers[0]?.name ?? '' }),
    ...runtimes(cri, settings.handlers),
    table(`${cri}.cni`, { bin_dir: cni.pluginFolders[0] ?? '', conf_dir: cni.configurationFolder }),
    table(`${cri}.registry`, { config_path: `${settings.privateFolder}/certs.d` }),
  ];
}

function criOf2({ version, sandboxImage, snapshotter, cni, ...settings }: ContainerdSettings): readonly string[] {
  const runtime = plugin('io.containerd.cri.v1.runtime');
  const images = plugin('io.containerd.cri.v1.images');
  const pluginFolders = version.major > 2 || version.minor >= 1 ? 'bin_dirs' : 'bin_dir';
  return [
    table(plugin('io.containerd.grpc.v1.cri'), { stream_server_address: '127.0.0.1', stream_server_port: '0' }),
    table(plugin('io.containerd.image-verifier.v1.bindir'), { bin_dir: `${settings.privateFolder}/verifiers` }),
    table(runtime, {
      restrict_oom_score_adj: settings.restrictOomScoreAdj,
      netns_mounts_under_state_dir: true,
      cdi_spec_dirs: [`${settings.privateFolder}/cdi`],
    }),
    table(`${runtime}.containerd`, { default_runtime_name: settings.handlers[0]?.name ?? '' }),
    ...runtimes(runtime, settings.handlers),
    table(`${runtime}.cni`, {
      [pluginFolders]: pluginFolders === 'bin_dirs' ? cni.pluginFolders : (cni.pluginFolders[0] ?? ''),
      conf_dir: cni.configurationFolder,
    }),
    table(images, { snapshotter }),
    table(`${images}.pinned_images`, { sandbox: sandboxImage }),
    table(`${images}.registry`, { config_path: `${settings.privateFolder}/certs.d` }),
  ];
}

function runtimes(cri: string, handlers: ContainerdSettings['handlers']): readonly string[] {
  return handlers.flatMap(({ name, path, stateRoot }) => [
    table(`${cri}.containerd.runtimes.${name}`, { runtime_type: 'io.containerd.runc.v2' }),
    table(`${cri}.containerd.runtimes.${name}.options`, { BinaryName: path, Root: stateRoot, SystemdCgroup: false }),
  ]);
}

type TomlValue = string | number | boolean | readonly string[];

function plugin(id: string): string {
  return `plugins.${JSON.stringify(id)}`;
}

function table(name: string, values: Readonly<Record<string, TomlValue>>): string {
  return `[${name}]\n${assignments(values)}`;
}

/** JSON's strings, numbers, booleans and arrays of strings are TOML's, but for DEL, which no path here has. */
function assignments(values: Readonly<Record<string, TomlValue>>): string {
  return Object.entries(values)
    .map(([key, value]) => `${key} = ${JSON.stringify(value)}\n`)
    .join('');
}
