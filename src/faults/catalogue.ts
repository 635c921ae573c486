import { UsageError } from '../model/error.ts';
import { closest } from '../model/glob.ts';
import type { Breaks, Fault } from './fault.ts';
import { cancelledCallFaults } from './table/cancelled-call.ts';
import { containerFaults } from './table/container.ts';
import { containerConfigFaults } from './table/container-config.ts';
import { containerEndFaults } from './table/container-end.ts';
import { containerKeptFaults } from './table/container-kept.ts';
import { containerFilesystemFaults } from './table/container-filesystem.ts';
import { containerLimitFaults } from './table/container-limits.ts';
import { containerNamespaceFaults } from './table/container-namespace.ts';
import { containerUserFaults } from './table/container-user.ts';
import { userNamespaceFaults } from './table/user-namespace.ts';
import { containerInputFaults } from './table/container-input.ts';
import { hostPortFaults } from './table/host-port.ts';
import { logRotationFaults } from './table/log-rotation.ts';
import { podDnsFaults } from './table/pod-dns.ts';
import { podNetworkFaults } from './table/pod-network.ts';
import { containerApparmorFaults } from './table/container-apparmor.ts';
import { containerCapabilitiesFaults } from './table/container-capabilities.ts';
import { containerCreateFaults } from './table/container-create.ts';
import { containerListFaults } from './table/container-list.ts';
import { containerListedFaults } from './table/container-listed.ts';
import { containerExitFaults } from './table/container-exit.ts';
import { containerMountFaults } from './table/container-mount.ts';
import { containerSeccompFaults } from './table/container-seccomp.ts';
import { containerStartFaults } from './table/container-start.ts';
import { containerStatusFaults } from './table/container-status.ts';
import { containerStopFaults } from './table/container-stop.ts';
import { containerUnknownFaults } from './table/container-unknown.ts';
import { containerProcessFaults } from './table/container-process.ts';
import { execSyncFaults } from './table/exec-sync.ts';
import { logRecordFaults } from './table/log-record.ts';
import { logReopenFaults } from './table/log-reopen.ts';
import { execFaults } from './table/exec.ts';
import { execProcessFaults } from './table/exec-process.ts';
import { imageFieldFaults } from './table/image-fields.ts';
import { imagePullFieldFaults } from './table/image-pull-fields.ts';
import { logFieldFaults } from './table/log-fields.ts';
import { streamFieldFaults } from './table/stream-fields.ts';
import { imageFaults } from './table/image.ts';
import { imageRemovedFaults } from './table/image-removed.ts';
import { imageStatusFaults } from './table/image-status.ts';
import { imageVolumeFaults } from './table/image-volume.ts';
import { mountPropagationFaults } from './table/mount-propagation.ts';
import { imageUserFaults } from './table/image-user.ts';
import { logFaults } from './table/log.ts';
import { listCallFaults } from './table/list-calls.ts';
import { podSandboxFaults } from './table/pod-sandbox.ts';
import { podSandboxConfigFaults } from './table/pod-sandbox-config.ts';
import { podSandboxDeadFaults } from './table/pod-sandbox-dead.ts';
import { podSandboxEndFaults } from './table/pod-sandbox-end.ts';
import { podSandboxFilterFaults } from './table/pod-sandbox-filter.ts';
import { podSandboxListFaults } from './table/pod-sandbox-list.ts';
import { podSandboxStatusFaults } from './table/pod-sandbox-status.ts';
import { podSandboxGoneFaults } from './table/pod-sandbox-gone.ts';
import { podSandboxToldFaults } from './table/pod-sandbox-told.ts';
import { serverFaults } from './table/server.ts';
import { statusFaults } from './table/status.ts';
import { portForwardEndFaults } from './table/stream-port-forward-end.ts';
import { portForwardFaults } from './table/stream-port-forward.ts';
import { streamAttachFaults } from './table/stream-attach.ts';
import { streamCallFaults } from './table/stream-calls.ts';
import { streamExecFaults } from './table/stream-exec.ts';
import { streamExecSimulatedFaults } from './table/stream-exec-simulated.ts';
import { streamRefusalFaults } from './table/stream-refusals.ts';
import { containerCheckpointFaults } from './table/container-checkpoint.ts';
import { containerStatsFaults } from './table/container-stats.ts';
import { containerUpdateFaults } from './table/container-update.ts';
import { eventFaults } from './table/event.ts';
import { imageFsInfoFaults } from './table/image-fs-info.ts';
import { listStreamFaults } from './table/list-stream.ts';
import { metricFaults } from './table/metric.ts';
import { podSandboxStatsFaults } from './table/pod-sandbox-stats.ts';
import { runtimeConfigFaults } from './table/runtime-config.ts';
import { statsFilterFaults } from './table/stats-filter.ts';
import { usageUnansweredFaults } from './table/usage-unanswered.ts';
import { imageConsistencyFaults } from './table/image-consistency.ts';
import { imageMovedFaults } from './table/image-moved.ts';
import { imageNameFaults } from './table/image-names.ts';
import { imagePullFaults } from './table/image-pull.ts';
import { imagePullTogetherFaults } from './table/image-pull-together.ts';
import { unansweredFaults } from './table/unanswered.ts';

/** Every fault, by area. */
export const faults: readonly Fault[] = [
  ...serverFaults,
  ...statusFaults,
  ...podSandboxFaults,
  ...podSandboxConfigFaults,
  ...podSandboxStatusFaults,
  ...podSandboxListFaults,
  ...podSandboxFilterFaults,
  ...podSandboxDeadFaults,
  ...podSandboxEndFaults,
  ...podSandboxGoneFaults,
  ...podSandboxToldFaults,
  ...listCallFaults,
  ...portForwardFaults,
  ...portForwardEndFaults,
  ...containerFaults,
  ...containerCreateFaults,
  ...containerListFaults,
  ...containerListedFaults,
  ...containerExitFaults,
  ...containerStartFaults,
  ...containerStatusFaults,
  ...containerStopFaults,
  ...containerUnknownFaults,
  ...containerProcessFaults,
  ...containerCapabilitiesFaults,
  ...containerSeccompFaults,
  ...containerApparmorFaults,
  ...containerMountFaults,
  ...mountPropagationFaults,
  ...imageVolumeFaults,
  ...execSyncFaults,
  ...logRecordFaults,
  ...logReopenFaults,
  ...execFaults,
  ...execProcessFaults,
  ...imageFieldFaults,
  ...imagePullFieldFaults,
  ...logFieldFaults,
  ...streamFieldFaults,
  ...logFaults,
  ...imageFaults,
  ...imageRemovedFaults,
  ...imageStatusFaults,
  ...imageUserFaults,
  ...imageConsistencyFaults,
  ...imageMovedFaults,
  ...imageNameFaults,
  ...imagePullFaults,
  ...imagePullTogetherFaults,
  ...streamAttachFaults,
  ...streamCallFaults,
  ...streamExecFaults,
  ...streamExecSimulatedFaults,
  ...streamRefusalFaults,
  ...containerCheckpointFaults,
  ...containerStatsFaults,
  ...containerUpdateFaults,
  ...eventFaults,
  ...imageFsInfoFaults,
  ...listStreamFaults,
  ...metricFaults,
  ...podSandboxStatsFaults,
  ...runtimeConfigFaults,
  ...statsFilterFaults,
  ...usageUnansweredFaults,
  ...cancelledCallFaults,
  ...containerInputFaults,
  ...hostPortFaults,
  ...logRotationFaults,
  ...podDnsFaults,
  ...podNetworkFaults,
  ...containerConfigFaults,
  ...containerEndFaults,
  ...containerKeptFaults,
  ...containerFilesystemFaults,
  ...containerLimitFaults,
  ...containerNamespaceFaults,
  ...containerUserFaults,
  ...userNamespaceFaults,
  ...unansweredFaults,
];

/**
 * What a fault does, by its name and arguments.
 * @throws UsageError naming the closest faults, or what the arguments mean
 */
export function prepareFault(name: string, args: readonly string[]): Breaks {
  const fault = faults.find((one) => one.name === name);
  if (fault !== undefined) return fault.prepare(args);
  const names = faults.map((one) => one.name);
  throw new UsageError(
    `there is no fault '${name}'`,
    `the closest are: ${closest(name, names).join(', ')}; crible list faults names them all`,
  );
}

/** What a fault breaks, for readers of a result. */
export function promiseBrokenBy(name: string): string {
  return faults.find((one) => one.name === name)?.breaks ?? '';
}
