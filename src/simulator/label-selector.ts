/** Whether all pairs of the selector are among the labels. An empty selector selects everything. */
export function selects(
  selector: Readonly<Record<string, string>>,
  labels: Readonly<Partial<Record<string, string>>>,
): boolean {
  return Object.entries(selector).every(([key, value]) => labels[key] === value);
}
