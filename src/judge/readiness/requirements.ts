import { apiVersion, cgroupDriver, network, sandboxImage } from './probed.ts';
import type { Requirement } from './requirement.ts';

/**
 * What a node of Kubernetes needs of its runtime. The order counts: a case is behind the first requirement that names it,
 * and the last one takes what is left, so that no promise the kubelet relies on can break without a word.
 */
export const requirements: readonly Requirement[] = [
  {
    id: 'cri-api',
    cases: ['runtime/version/**'],
    severity: 'blocker',
    met: 'It answers a version of the CRI that this kubelet speaks',
    broken: 'It does not present itself as the kubelet asks it to',
    unverified: 'how it presents itself to the kubelet',
    probed: apiVersion,
  },
  {
    id: 'cgroup-driver',
    cases: [],
    severity: 'blocker',
    met: 'It states its cgroup driver',
    broken: 'Its cgroup driver does not fit',
    unverified: 'its cgroup driver',
    probed: cgroupDriver,
  },
  {
    // KEP-4033; a kubelet that gets no answer goes by its own file.
    id: 'runtime-config',
    since: 28,
    cases: ['runtime/config/**'],
    severity: 'caveat',
    met: 'It tells the kubelet its cgroup driver by RuntimeConfig, and keeps to it',
    broken: 'What it tells the kubelet of its cgroup driver by RuntimeConfig cannot be relied on',
    unverified: 'what it tells the kubelet of its cgroup driver by RuntimeConfig',
  },
  {
    id: 'network',
    cases: ['runtime/status/is-ready', 'runtime/update-config/**', 'pod-sandbox/status/address'],
    severity: 'blocker',
    met: 'Its network is ready',
    broken: 'It does not report that it and its network are ready, or gives pods no address of their own',
    unverified: 'whether its network is ready and gives each pod an address',
    probed: network,
  },
  {
    id: 'sandbox-image',
    cases: [],
    severity: 'caveat',
    met: 'Its sandbox image is there',
    broken: 'Its sandbox image is not there',
    unverified: 'whether its sandbox image is there and pinned',
    probed: sandboxImage,
  },
  {
    id: 'bookkeeping',
    cases: [
      '{pod-sandbox,container}/list/agrees-with-status',
      'pod-sandbox/status/created-at',
      'container/exit/times-in-order',
      'container/stop/{is-idempotent,exited-container}',
    ],
    severity: 'caveat',
    met: 'It tells the same of a pod and a container in lists and status, whenever it is asked',
    broken:
      'It does not tell the same of a pod or container at all times: the kubelet may sort, restart or clean up in a wrong order',
    unverified: 'whether it tells the same of pods and containers in lists and status',
  },
  {
    id: 'pod-lifecycle',
    cases: ['pod-sandbox/{run,stop,remove}/**'],
    severity: 'blocker',
    met: 'It runs, stops and removes pods as the kubelet asks',
    broken: 'It does not run, stop or remove pods as the kubelet asks',
    unverified: 'whether it runs, stops and removes pods as the kubelet asks',
  },
  {
    id: 'pod-status',
    cases: ['pod-sandbox/**'],
    severity: 'blocker',
    met: 'The kubelet finds its pods again by what lists and status say of them',
    broken: 'The kubelet loses or mistakes pods by what lists and status say of them',
    unverified: 'what lists and status say of pods',
  },
  {
    id: 'container-lifecycle',
    cases: ['container/{create,start,stop,remove,exit}/**'],
    severity: 'blocker',
    met: 'It creates, starts, stops and removes containers, and tells how they ended',
    broken: 'It does not create, start, stop or remove containers as the kubelet asks, or tells wrongly how they ended',
    unverified: 'whether it creates, starts, stops and removes containers, and tells how they ended',
  },
  {
    id: 'container-status',
    cases: ['container/{list,status,unknown-id}/**'],
    severity: 'blocker',
    met: 'The kubelet finds its containers again by what lists and status say of them',
    broken: 'The kubelet loses or mistakes containers by what lists and status say of them',
    unverified: 'what lists and status say of containers',
  },
  {
    id: 'container-resources',
    cases: ['container/update/**'],
    severity: 'caveat',
    met: 'It changes the limits of running containers, as the CPU manager and in-place resizing want it',
    broken: 'It does not change the limits of running containers as it is asked: no CPU manager, no in-place resizing',
    unverified: 'whether it changes the limits of running containers',
  },
  {
    id: 'container-process',
    cases: ['container/**'],
    severity: 'blocker',
    met: 'Containers run as their pod says: command, environment, user, rights, files',
    broken: 'Containers do not run as their pod says',
    unverified: 'whether containers run as their pod says: command, environment, user, rights, files',
  },
  {
    id: 'exec-timeout',
    cases: ['exec-sync/timeout'],
    severity: 'blocker',
    met: 'It honours the time-out of an exec probe: the kubelet learns of it, and the command is ended',
    broken: 'It does not honour the time-out of an exec probe: probes hang, or leave processes behind',
    unverified: 'whether it honours the time-out of an exec probe',
  },
  {
    id: 'exec-probes',
    cases: ['exec-sync/**'],
    severity: 'blocker',
    met: 'Exec probes and hooks run in their container, and their exit code arrives',
    broken: 'Exec probes or hooks do not run in their container, or come to a wrong result',
    unverified: 'whether exec probes and hooks come to the right result',
  },
  {
    id: 'log-rotation',
    cases: ['log/reopen/**'],
    severity: 'blocker',
    met: 'The kubelet can rotate logs without losing a line',
    broken: 'The kubelet cannot rotate logs safely: lines are lost, or a log grows until the disk is full',
    unverified: 'whether the kubelet can rotate logs without losing a line',
  },
  {
    id: 'log-format',
    cases: ['log/**'],
    severity: 'blocker',
    met: 'It writes logs in the format of the CRI, which the kubelet and log collectors read',
    broken:
      'Its logs are not in the format of the CRI: kubectl logs and log collectors show them wrongly or not at all',
    unverified: 'whether its logs are in the format of the CRI',
  },
  {
    // The kubelet measures the disk itself at the mount point that it is told.
    id: 'disk-usage',
    cases: ['image/fs-info/**'],
    severity: 'caveat',
    met: 'It tells where its images are and what they take, by which the kubelet frees space and evicts',
    broken:
      'It tells wrongly where its images are or what they take: the kubelet frees space and evicts by false figures',
    unverified: 'whether it tells what its images take, by which the kubelet frees space and evicts',
  },
  {
    id: 'images',
    cases: ['image/**'],
    severity: 'blocker',
    met: 'It pulls, names, lists and removes images as the kubelet expects',
    broken: 'It does not pull, name, list or remove images as the kubelet expects',
    unverified: 'whether it pulls, names, lists and removes images as the kubelet expects',
  },
  {
    id: 'container-stats',
    cases: ['container-stats/**'],
    severity: 'caveat',
    met: 'It measures what containers use, which eviction and kubectl top need',
    broken: 'It measures wrongly what containers use: eviction and kubectl top decide by false figures',
    unverified: 'whether it measures what containers use',
  },
  {
    // KEP-2371: the kubelet's feature gate PodAndContainerStatsFromCRI, without which cAdvisor fills in.
    id: 'pod-stats',
    since: 23,
    cases: ['pod-sandbox-stats/**'],
    severity: 'caveat',
    met: 'It measures what whole pods use, which the kubelet can take instead of what cAdvisor measures',
    broken: 'It measures wrongly what whole pods use: the kubelet must go on with what cAdvisor measures',
    unverified: 'whether it measures what whole pods use; without that the kubelet goes on with what cAdvisor measures',
  },
  {
    id: 'exec-streams',
    cases: ['exec-stream/**'],
    severity: 'blocker',
    met: 'It serves kubectl exec, with input, output, terminal and exit code',
    broken: 'It does not serve kubectl exec as it should',
    unverified: 'whether it serves kubectl exec',
  },
  {
    id: 'attach-streams',
    cases: ['attach/**'],
    severity: 'blocker',
    met: 'It serves kubectl attach, with input, output and terminal',
    broken: 'It does not serve kubectl attach as it should',
    unverified: 'whether it serves kubectl attach',
  },
  {
    id: 'port-forward',
    cases: ['port-forward/**'],
    severity: 'blocker',
    met: 'It serves kubectl port-forward to the ports of a pod',
    broken: 'It does not serve kubectl port-forward as it should',
    unverified: 'whether it serves kubectl port-forward',
  },
  {
    id: 'other',
    cases: ['**'],
    severity: 'blocker',
    met: 'It keeps the other promises that the kubelet relies on',
    broken: 'It breaks another promise that the kubelet relies on',
    unverified: 'other promises that the kubelet relies on',
  },
];

/**
 * What the kubelet can make use of but no node must have: it takes events only with the feature gate EventedPLEG
 * (KEP-3386), which is off by default in every known version.
 */
export const dispensable = ['event/**'];
