import { figure } from '../figures.ts';
import { escape } from './escape.ts';
import { linear, logarithmic, type Scale } from './scale.ts';

export interface Line {
  readonly name: string;
  /** x and y; y undefined: nothing is known there, and the line is broken. */
  readonly points: readonly (readonly [number, number | undefined])[];
}

export interface LineChart {
  readonly title: string;
  /** For those who do not see it. */
  readonly about: string;
  readonly unit: string;
  readonly lines: readonly Line[];
  readonly marks?: readonly { readonly at: number; readonly label: string }[];
  readonly logarithmic?: boolean;
  /** What stands below; x is seconds otherwise. */
  readonly xTicks?: readonly { readonly at: number; readonly label: string }[];
}

/** As many as the page has. */
const colours = 8;

const size = { width: 720, height: 260, left: 76, right: 14, top: 14, bottom: 30 } as const;
const plot = { x: [size.left, size.width - size.right], y: [size.height - size.bottom, size.top] } as const;

/** A chart on a page, from which its colours come. */
export function lineChart(chart: LineChart): string {
  return `<figure class="chart">
<figcaption><h3>${escape(chart.title)}</h3>${legend(chart.lines)}</figcaption>
${plainChart(chart)}
</figure>`;
}

interface Around {
  readonly attributes: string;
  /** So much more room above the lines. */
  readonly above: number;
  readonly inside: string;
}

/** The SVG alone. */
export function plainChart(
  chart: LineChart,
  { attributes, above, inside }: Around = { attributes: '', above: 0, inside: '' },
): string {
  const xs = chart.lines.flatMap(({ points }) => points.map(([x]) => x));
  const ys = chart.lines.flatMap(({ points }) => points.flatMap(([, y]) => y ?? []));
  const [least, most] = [Math.min(...xs, 0), Math.max(...xs, 1)];
  const x = (value: number): number =>
    plot.x[0] + ((plot.x[1] - plot.x[0]) * (value - least)) / (most - least);
  const positive = ys.filter((value) => value > 0);
  const y =
    chart.logarithmic === true
      ? logarithmic([Math.min(...positive, 1), Math.max(...positive, 1)], plot.y)
      : linear(Math.max(...ys, 0), plot.y);
  return `<svg ${attributes}viewBox="0 ${-above} ${size.width} ${size.height + above}" role="img" aria-label="${escape(`${chart.title}: ${chart.about}`)}">${inside}
${grid(y, chart.unit)}
${below(chart.xTicks ?? secondTicks(least, most), x)}
${(chart.marks ?? []).map((mark) => markLine(mark, x)).join('\n')}
${chart.lines.map((line, nth) => pathOf(line, nth, x, y, chart.unit)).join('\n')}
</svg>`;
}

function legend(lines: readonly Line[]): string {
  const items = lines.map(({ name }, nth) => `<li class="line-${nth % colours}">${escape(name)}</li>`);
  return `<ul class="legend">${items.join('')}</ul>`;
}

function grid({ at, ticks }: Scale, unit: string): string {
  return ticks
    .map((tick, nth) => {
      const y = at(tick).toFixed(1);
      const text = nth === ticks.length - 1 ? `${figure(tick)} ${unit}` : figure(tick);
      return `<line class="grid" x1="${plot.x[0]}" x2="${plot.x[1]}" y1="${y}" y2="${y}"/><text class="tick end" x="${plot.x[0] - 6}" y="${y}" dy="0.32em">${escape(text.trim())}</text>`;
    })
    .join('\n');
}

function below(
  ticks: readonly { readonly at: number; readonly label: string }[],
  x: (at: number) => number,
): string {
  return ticks
    .map(
      ({ at, label }) =>
        `<text class="tick middle" x="${x(at).toFixed(1)}" y="${size.height - 10}">${escape(label)}</text>`,
    )
    .join('\n');
}

function secondTicks(least: number, most: number): { at: number; label: string }[] {
  const { ticks } = linear(most - least, [0, 1], 6);
  const step = ticks[1] ?? 1;
  const first = Math.ceil(least / step) * step;
  const count = Math.floor((most - first) / step) + 1;
  return Array.from({ length: Math.max(0, count) }, (_, i) => {
    const at = Number((first + i * step).toPrecision(12));
    return { at, label: `${at} s` };
  });
}

function markLine(
  { at, label }: { readonly at: number; readonly label: string },
  x: (at: number) => number,
): string {
  const place = x(at);
  const left = place > size.width * 0.6;
  return `<line class="mark" x1="${place.toFixed(1)}" x2="${place.toFixed(1)}" y1="${plot.y[0]}" y2="${plot.y[1]}"/><text class="mark-label ${left ? 'end' : ''}" x="${(place + (left ? -5 : 5)).toFixed(1)}" y="${plot.y[1] + 8}">${escape(label)}</text>`;
}

function pathOf(
  { name, points }: Line,
  nth: number,
  x: (at: number) => number,
  y: Scale,
  unit: string,
): string {
  let path = '';
  let drawn = false;
  for (const [at, value] of points) {
    if (value === undefined) drawn = false;
    else {
      path += `${drawn ? 'L' : 'M'}${x(at).toFixed(1)} ${y.at(value).toFixed(1)}`;
      drawn = true;
    }
  }
  const last = points.findLast(([, value]) => value !== undefined)?.[1] ?? 0;
  const title = `${name}: ${figure(last)} ${unit} at the end`.trim();
  return `<path class="line-${nth % colours}" d="${path}"><title>${escape(title)}</title></path>`;
}
