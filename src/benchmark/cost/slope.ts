/** Memory, or anything else, at so many pods. */
export interface PodsPoint {
  readonly pods: number;
  readonly bytes: number;
}

export interface Slope {
  readonly bytesPerPod: number;
  /** Of bytesPerPod; null with two points, through which every line goes exactly. */
  readonly standardError: number | null;
  /** What is there without any pod, by the line. */
  readonly atNoPods: number;
}

/**
 * What each pod adds: the slope of the least-squares line, which no single disturbed point decides and in which whatever does
 * not depend on pods cancels.
 * @returns undefined unless the points are of two numbers of pods at least
 */
export function slopeOverPods(points: readonly PodsPoint[]): Slope | undefined {
  const n = points.length;
  const meanPods = points.reduce((sum, { pods }) => sum + pods, 0) / n;
  const meanBytes = points.reduce((sum, { bytes }) => sum + bytes, 0) / n;
  const sum = (of: (dx: number, dy: number) => number): number =>
    points.reduce((total, { pods, bytes }) => total + of(pods - meanPods, bytes - meanBytes), 0);
  const squares = sum((dx) => dx * dx);
  if (n < 2 || squares === 0) return undefined;
  const bytesPerPod = sum((dx, dy) => dx * dy) / squares;
  const residual = sum((dx, dy) => (dy - bytesPerPod * dx) ** 2);
  return {
    bytesPerPod,
    standardError: n === 2 ? null : Math.sqrt(residual / (n - 2) / squares),
    atNoPods: meanBytes - bytesPerPod * meanPods,
  };
}
