/** How a target is drawn: told apart by dash and shape as well as by colour. */
export interface SeriesLook {
  readonly colour: string;
  readonly dash: readonly number[];
  /** A symbol type of Vega. */
  readonly shape: string;
}

/** Middle tones, with a contrast of at least 3 to 1 on the page's light and on its dark ground. */
const colours = ['#1f78b4', '#d0570b', '#1b8f6b', '#8468c4', '#d6338a', '#8a7a1f'];
const dashes = [[], [7, 3], [2, 3], [9, 3, 2, 3], [12, 4]];
const shapes = ['circle', 'square', 'triangle-up', 'diamond', 'triangle-down', 'cross', 'triangle-right'];

/** The look of the target at this place of `result.targets`; none is used twice before the 210th. */
export function seriesLook(index: number): SeriesLook {
  const pick = <T>(items: readonly T[], fallback: T) => items[index % items.length] ?? fallback;
  return { colour: pick(colours, 'currentColor'), dash: pick(dashes, []), shape: pick(shapes, 'circle') };
}
