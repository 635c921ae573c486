import type { Feature } from '../model/target.ts';

/** Where a target gets crible's fixture images from. */
export interface ImageSource {
  /** Registry and path before the image's name: `127.0.0.1:4711/crible`. */
  readonly prefix: string;
  /** Whether the registry is our own loopback one, which makes an image for any `mint/…` name that is asked for. */
  readonly loopback: boolean;
}

/** A target as cases and workloads see it. Plain data: it crosses to the worker processes. */
export interface TargetContext {
  readonly runId: string;
  /** The run's owner, as its label says it. */
  readonly owner: { readonly host: string; readonly pid: number; readonly startTime: string };
  readonly name: string;
  readonly endpoint: string;
  readonly imageEndpoint?: string;
  /** The endpoint of the runtime that a proxy of crible stands before; what excludes each other on it does so through any proxy. */
  readonly behind?: string;
  readonly handler: string;
  readonly features: readonly Feature[];
  readonly cgroupDriver: 'cgroupfs' | 'systemd' | 'unknown';
  readonly images: ImageSource;
  /** Bound of a single RPC in ms, instead of the kubelet's table. */
  readonly callTimeoutMs?: number;
  /** Share of the usual time that promises to be kept eventually are given; 1 unless given. */
  readonly patience?: number;
  /** Another client was seen at work on this runtime, so a pod of ours may be stopped by it. */
  readonly foreignClients: boolean;
}

/** Whether the target was found to offer the feature; one that was not probed counts as absent. */
export function hasFeature(target: TargetContext, name: string): boolean {
  return target.features.some((feature) => feature.name === name && feature.present);
}
