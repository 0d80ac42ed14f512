import type { Line, LineChart } from '../report/charts/line-chart.ts';
import { plainChart } from '../report/charts/line-chart.ts';
import { escape } from '../report/charts/escape.ts';
import type { Result } from '../run/result.ts';
import type { Second } from '../run/timeline.ts';

/** The page's own colours are not to be had in a picture: it has those of light and dark itself. */
const style = `svg{background:#fff;font:12px system-ui,sans-serif}text{fill:#475569}.grid{stroke:#cbd5e1}.mark{stroke:#64748b;stroke-dasharray:4 3}.end{text-anchor:end}.middle{text-anchor:middle}path{fill:none;stroke-width:2}.line-0{stroke:#0f766e;fill:none}.line-1{stroke:#b45309}.line-2{stroke:#be123c}.line-3{stroke:#4338ca}text.line-0{fill:#0f766e;stroke:none}text.line-1{fill:#b45309;stroke:none}text.line-2{fill:#be123c;stroke:none}text.line-3{fill:#4338ca;stroke:none}@media(prefers-color-scheme:dark){svg{background:#0f172a}text{fill:#cbd5e1}.grid{stroke:#334155}}`;
const letter = 7;
const gap = 18;

/** A picture by itself, with the names of its lines above. */
export function chartFile(chart: LineChart): string {
  let x = 76;
  const names = chart.lines.map(({ name }, nth) => {
    const text = `<text class="line-${nth}" x="${x}" y="-8">${escape(name)}</text>`;
    x += name.length * letter + gap;
    return text;
  });
  return `${plainChart(chart, { attributes: 'xmlns="http://www.w3.org/2000/svg" ', above: 24, inside: `<style>${style}</style>${names.join('')}` })}\n`;
}

/** How delivery went in the course of a run, and what happened meanwhile. */
export function deliveryChart({ seconds, marks }: Result): LineChart {
  const line = (name: string, of: (second: Second) => number): Line => ({
    name,
    points: seconds.map((second) => [second.at, of(second) > 0 ? of(second) : undefined]),
  });
  return {
    title: 'Delivery',
    about: 'percentiles of each second',
    unit: 'ms',
    logarithmic: true,
    marks,
    lines: [
      line('p50', ({ deliveryP50 }) => deliveryP50),
      line('p99', ({ deliveryP99 }) => deliveryP99),
      line('the slowest', ({ deliveryMax }) => deliveryMax),
    ],
  };
}
