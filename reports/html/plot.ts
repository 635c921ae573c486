import { View, parse, type Axis, type Data, type Mark, type Scale, type Spec } from 'vega';
import type { DurationUnit } from '../quantity.ts';
import { seriesLook } from './series-look.ts';

// Vega and not ECharts. The same two curves on Node.js 20, Vega 6.4 against ECharts 6.1 with only what a line chart needs:
// loaded in 0.2 s against 0.4 s, 22 ms a chart against 14 ms, 15 MB installed against 64 MB. What decides is the SVG:
// ECharts wrote a style attribute on each text and a style element, which a strict Content-Security-Policy refuses; Vega
// writes presentation attributes only, and takes dash patterns and symbols as values.

/** The inside of an SVG element, and the coordinates it is drawn in. */
export interface Plot {
  readonly viewBox: string;
  readonly markup: string;
}

/** The points of one target, whose place in `result.targets` decides how they look. */
export interface Series {
  readonly targetIndex: number;
  /** `y` is null where the line has a gap. */
  readonly points: readonly { readonly x: number; readonly y: number | null }[];
}

const width = 400;
const height = 190;

/** Which share of the calls took no longer than a time: a curve per target, `x` in the unit, `y` from 0 to 1. */
export function drawDistribution(series: readonly Series[], unit: DurationUnit): Promise<Plot> {
  const thin = series.map(({ targetIndex, points }) => ({ targetIndex, points: thinned(points) }));
  return draw(
    thin,
    [
      { name: 'x', type: 'log', domain: { fields: fieldsOf(thin, 'x') }, range: 'width' },
      { name: 'y', type: 'linear', domain: [0, 1], range: 'height' },
    ],
    [
      axis('x', `${unit.name}, logarithmic`, { format: ',~f', tickCount: 6, labelOverlap: true }),
      axis('y', 'share of calls', { format: '.0%', values: [0, 0.25, 0.5, 0.75, 0.9, 1] }),
    ],
    thin.map(line),
  );
}

/** The median of each round in the order in which the rounds ran: `x` counts rounds, `y` is in the unit. */
export function drawRounds(series: readonly Series[], unit: DurationUnit): Promise<Plot> {
  const rounds = [...new Set(series.flatMap(({ points }) => points.map(({ x }) => x)))];
  return draw(
    series,
    [
      { name: 'x', type: 'point', domain: rounds, range: 'width', padding: 0.5 },
      {
        name: 'y',
        type: 'linear',
        zero: false,
        nice: true,
        domain: { fields: fieldsOf(series, 'y') },
        range: 'height',
      },
    ],
    [
      axis('x', 'round', { labelOverlap: true, grid: false }),
      axis('y', `median in ${unit.name}`, { format: ',~f', tickCount: 5 }),
    ],
    [...series.map(line), ...series.map(symbols)],
  );
}

async function draw(series: readonly Series[], scales: Scale[], axes: Axis[], marks: Mark[]): Promise<Plot> {
  const data = series.flatMap(({ targetIndex, points }): Data[] => [
    { name: dataName(targetIndex), values: [...points] },
    { name: seenName(targetIndex), values: points.filter(({ y }) => y !== null) },
  ]);
  const spec: Spec = { width, height, padding: 2, data, scales, axes, marks };
  const view = new View(parse(spec), { renderer: 'none' });
  const svg = await view.toSVG();
  view.finalize();
  const parts = /^<svg[^>]* viewBox="(?<viewBox>[^"]+)"[^>]*>(?<markup>.*)<\/svg>$/s.exec(svg)?.groups;
  if (parts?.['viewBox'] === undefined || parts['markup'] === undefined) {
    throw new Error('Vega has changed how its SVG begins; reports/html/plot.ts must be taught');
  }
  return { viewBox: parts['viewBox'], markup: parts['markup'] };
}

/** Lines and labels take the colour of the text around them, so that they follow light and dark. */
function axis(scale: 'x' | 'y', title: string, own: Partial<Axis>): Axis {
  return {
    scale,
    orient: scale === 'x' ? 'bottom' : 'left',
    title,
    grid: true,
    gridColor: 'currentColor',
    gridOpacity: 0.14,
    domainColor: 'currentColor',
    domainOpacity: 0.5,
    ticks: false,
    labelColor: 'currentColor',
    labelFontSize: 11,
    labelPadding: 5,
    titleColor: 'currentColor',
    titleFontSize: 11,
    titleFontWeight: 'normal',
    aria: false,
    ...own,
  };
}

function line({ targetIndex }: Series): Mark {
  const { colour, dash } = seriesLook(targetIndex);
  return {
    type: 'line',
    aria: false,
    from: { data: dataName(targetIndex) },
    encode: {
      enter: {
        x: { scale: 'x', field: 'x' },
        y: { scale: 'y', field: 'y' },
        defined: { signal: 'isValid(datum.y)' },
        stroke: { value: colour },
        strokeDash: { value: [...dash] },
        strokeWidth: { value: 2 },
      },
    },
  };
}

function symbols({ targetIndex }: Series): Mark {
  const { colour, shape } = seriesLook(targetIndex);
  return {
    type: 'symbol',
    aria: false,
    from: { data: seenName(targetIndex) },
    encode: {
      enter: {
        x: { scale: 'x', field: 'x' },
        y: { scale: 'y', field: 'y' },
        shape: { value: shape },
        fill: { value: colour },
        size: { value: 50 },
      },
    },
  };
}

function fieldsOf(series: readonly Series[], field: 'x' | 'y') {
  return series.map(({ targetIndex }) => ({ data: seenName(targetIndex), field }));
}

function dataName(targetIndex: number): string {
  return `target-${String(targetIndex)}`;
}

function seenName(targetIndex: number): string {
  return `${dataName(targetIndex)}-seen`;
}

/** Leaves out points that no eye could tell from the one before: it halves the size of a page with many pictures. */
function thinned(points: Series['points']): Series['points'] {
  const kept: Series['points'][number][] = [];
  for (const [index, point] of points.entries()) {
    const last = kept.at(-1);
    const near = last?.y != null && point.y !== null && point.y - last.y < 1.5 / height && point.x / last.x < 1.01;
    if (!near || index === points.length - 1) kept.push(point);
  }
  return kept;
}
