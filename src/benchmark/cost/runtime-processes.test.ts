import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { fakeMachine, v2Mounts, type Files } from '../../kit/fake-machine.testing.ts';
import { hostTraces, leaked, tracesOf } from './host-traces.ts';
import { memoryOfRuntime } from './memory.ts';
import { findRuntime, lookForRuntime, monitorsOf, podsCgroup } from './runtime-processes.ts';

const socket = '/run/containerd/containerd.sock';
const features = ['host-pids', 'host-cgroups'].map((name) => ({ name, present: true, detail: 'for this test' }));
const target = { runId: 'r', cgroupDriver: 'cgroupfs', features } as const;

function process(pid: number, args: readonly string[], more: Files = {}): Files {
  return {
    [`proc/${String(pid)}/stat`]: `${String(pid)} (x) S 1 1 1 0 -1 0 0 0 0 0 1 2 3 4 20 0 9 0 ${String(pid)}00 0 0\n`,
    [`proc/${String(pid)}/cmdline`]: args.map((arg) => `${arg}\0`).join(''),
    ...Object.fromEntries(Object.entries(more).map(([path, text]) => [`proc/${String(pid)}/${path}`, text])),
  };
}

function daemon(pid: number, args: readonly string[], inode: number, more: Files = {}): Files {
  return process(pid, args, { 'fd/3': `-> socket:[${String(inode)}]`, ...more });
}

function listening(...sockets: readonly (readonly [path: string, inode: number])[]): Files {
  const lines = sockets.map(([path, inode]) => `0: 00000002 00000000 00010000 0001 01 ${String(inode)} ${path}\n`);
  return { 'proc/net/unix': `Num RefCount\n${lines.join('')}` };
}

const shim = (address: string, namespace = 'k8s.io'): readonly string[] => [
  ...['/usr/bin/containerd-shim-runc-v2', '-namespace', namespace, '-id', 'abc', '-address', address],
];

describe('processes of a runtime', () => {
  test('containerd and its shims, not those of another containerd or of Docker', () => {
    const machine = fakeMachine({
      ...listening([socket, 8]),
      ...daemon(10, ['/usr/bin/containerd', '--config', '/etc/containerd/config.toml'], 8),
      ...process(20, shim(socket)),
      ...process(21, shim(`/var${socket}`)),
      ...process(22, shim('/run/other/containerd.sock')),
      ...process(23, shim(socket, 'moby')),
      ...process(24, ['grep', 'containerd-shim-runc-v2', '-address', socket, '-namespace', 'k8s.io']),
      // A zombie has no command line, and a process may be gone when it is looked at.
      ...process(25, []),
      'proc/26/stat': '',
    });
    const found = lookForRuntime(socket, machine.proc);
    assert.ok(found.ok);
    assert.deepEqual(found.runtime.daemons, [{ pid: 10, startTime: '1000', name: 'containerd' }]);
    assert.deepEqual(monitorsOf(found.runtime, podsCgroup(target, machine), machine), [20, 21]);
  });

  test('CRI-O and its monitors, not Podman’s', () => {
    const conmon = ['/usr/bin/conmon', '-b', '/run/containers/x/userdata', '-c', 'abc'];
    const machine = fakeMachine(
      {
        ...listening(['/var/run/crio/crio.sock', 8]),
        ...daemon(10, ['/usr/bin/crio'], 8),
        ...process(20, [...conmon, '--exit-dir', '/var/run/crio/exits'], { cgroup: '0::/system.slice/x\n' }),
        ...process(21, [...conmon, '--exit-dir', '/run/libpod/exits'], { cgroup: '0::/machine.slice/x\n' }),
        ...process(22, [...conmon, '--exit-dir', '/lab/exits'], { cgroup: '0::/crible-r/pod1/crio-conmon-abc\n' }),
        ...process(23, ['/usr/bin/conmonrs', '--runtime', 'runc'], { cgroup: '0::/crible-r2/pod1\n' }),
      },
      v2Mounts,
    );
    const found = lookForRuntime('/run/crio/crio.sock', machine.proc);
    assert.ok(found.ok);
    assert.deepEqual(monitorsOf(found.runtime, podsCgroup(target, machine), machine), [20, 22]);
  });

  test('cri-dockerd with dockerd and its containerd', () => {
    const machine = fakeMachine({
      ...listening(['/run/cri-dockerd.sock', 7], ['/var/run/docker.sock', 8], [socket, 9]),
      ...daemon(10, ['/usr/bin/cri-dockerd', '--container-runtime-endpoint', 'unix:///run/cri-dockerd.sock'], 7),
      ...daemon(11, ['/usr/bin/dockerd', '-H', 'fd://', `--containerd=${socket}`], 8),
      ...daemon(12, ['/usr/bin/containerd'], 9),
      ...process(20, shim(socket)),
      ...process(23, shim(socket, 'moby')),
    });
    const found = lookForRuntime('/run/cri-dockerd.sock', machine.proc);
    assert.ok(found.ok);
    assert.deepEqual(
      found.runtime.daemons.map(({ name }) => name),
      ['cri-dockerd', 'dockerd', 'containerd'],
    );
    assert.deepEqual(monitorsOf(found.runtime, podsCgroup(target, machine), machine), [23]);
  });

  test('what is not here is told in words', () => {
    assert.match(JSON.stringify(lookForRuntime('/none.sock')), /no process of this machine listens/);
    assert.match(JSON.stringify(findRuntime({ endpoint: 'tcp://10.0.0.1:5000', features })), /no unix socket/);
    const tunnel = findRuntime({ endpoint: 'unix:///tmp/tunnel.sock', features: [] });
    assert.match(JSON.stringify(tunnel), /not visible here/);
    const nothing = hostTraces({ ...target, endpoint: 'tcp://10.0.0.1:5000' });
    assert.deepEqual(leaked(nothing, nothing), []);
  });

  test('the memory of processes that ended meanwhile is left out', () => {
    const rollup = 'Rss: 10 kB\nPss: 8 kB\nPss_Anon: 4 kB\nPrivate_Clean: 1 kB\nPrivate_Dirty: 4 kB\nAnonymous: 4 kB\n';
    const machine = fakeMachine({ 'proc/10/smaps_rollup': rollup, 'proc/20/smaps_rollup': rollup });
    const runtime = {
      daemons: [{ pid: 10, startTime: '1', name: 'containerd' }],
      containerdSockets: [],
      namespace: 'k8s.io',
    } as const;
    const { daemon, monitors } = memoryOfRuntime(runtime, [20, 21], machine);
    assert.deepEqual([daemon.count, monitors.count], [1, 1]);
    assert.equal(monitors.writtenBytes, 4 * 1024);
  });
});

describe('traces of a runtime', () => {
  const files: Files = {
    ...listening([socket, 8]),
    ...daemon(10, ['/usr/bin/containerd'], 8, {
      cgroup: '0::/service\n',
      status: 'Name:\tx\nVmRSS:\t    100 kB\nThreads:\t9\n',
      mountinfo: '1 0 8:1 / / rw - ext4 /dev/sda rw\n2 1 0:4 net:[4026532252] /run/netns/cni-1 rw - nsfs nsfs rw\n',
    }),
    'sys/fs/cgroup/service/cgroup.procs': '10\n20\n',
    'sys/fs/cgroup/crible-r/pod1/x': '',
    ...process(20, shim(socket)),
  };

  test('are counted, each thing once', () => {
    const machine = fakeMachine(files, v2Mounts);
    const found = lookForRuntime(socket, machine.proc);
    assert.ok(found.ok);
    const before = tracesOf(found.runtime, target, machine);
    assert.deepEqual(before, {
      ...{ monitors: 1, processes: 1, mounts: 1, networkNamespaces: 1, cgroups: 0, descriptors: 1 },
    });
    machine.add({
      ...process(21, shim(socket)),
      'sys/fs/cgroup/service/cgroup.procs': '10\n20\n21\n',
      'sys/fs/cgroup/crible-r/pod1/left/cgroup.procs': '',
    });
    const after = tracesOf(found.runtime, target, machine);
    assert.deepEqual(leaked(before, after), [
      '1 more shims or monitors of containers than before (1, now 2)',
      '1 more cgroups of containers than before (0, now 1)',
    ]);
    assert.deepEqual(leaked(after, before), [], 'less is no leak');
  });

  test('a few descriptors more are connections, many are a leak', () => {
    const machine = fakeMachine(files, v2Mounts);
    const found = lookForRuntime(socket, machine.proc);
    assert.ok(found.ok);
    const before = tracesOf(found.runtime, target, machine);
    assert.deepEqual(leaked(before, { ...before, descriptors: 9 }), []);
    assert.deepEqual(leaked(before, { ...before, descriptors: 10 }), [
      '9 more open file descriptors of the daemon than before (1, now 10)',
    ]);
    assert.deepEqual(leaked(before, { ...before, mounts: null }), [], 'what cannot be seen is not called a leak');
  });
});
