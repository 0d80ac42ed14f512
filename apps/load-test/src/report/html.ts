import { readFileSync } from 'node:fs';
import { passed, type Result } from '../run/result.ts';
import { escape } from './charts/escape.ts';
import { chartsOf } from './charts/of-result.ts';
import { figure, goalOf, headline, otherFigures, timeNames, withUnit } from './figures.ts';

/** The whole report as one file, which asks for nothing from anywhere. */
export function toHtml(result: Result): string {
  const style = readFileSync(new URL('page.css', import.meta.url), 'utf8');
  const { about, began, machine, seed, workers, size } = result;
  const good = passed(result);
  const small = `Measured ${began} after ${size.warmUp} s of warming up, by ${workers} processes, seed ${seed}. ${machine}.`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(headline(result))}</title>
<style>
${style}</style>
</head>
<body>
<main>
<h1>${escape(headline(result))}</h1>
<p>${escape(about)}.</p>
<p class="verdict ${good ? 'met' : 'missed'}">${good ? 'All objectives were met' : 'Objectives were missed'}</p>
${[...result.warnings, ...result.problems].map((text) => `<p class="warning">${escape(text)}</p>`).join('\n')}
${tiles(result)}
<h2>Objectives</h2>
${objectives(result)}
<h2>Times</h2>
<p>In milliseconds, each from the moment at which it was due.</p>
${times(result)}
<h2>In the course of the run</h2>
<div class="charts">
${chartsOf(result).join('\n')}
</div>
<h2>Other figures</h2>
${table(
  ['figure', 'measured'],
  otherFigures(result).map(([metric, value]) => [metric, withUnit(metric, value)]),
)}
<p>${escape(small)}</p>
</main>
</body>
</html>
`;
}

const shown: readonly (readonly [metric: string, label: string])[] = [
  ['delivered.perSecond', 'deliveries'],
  ['delivery.p50', 'delivery p50'],
  ['delivery.p99', 'delivery p99'],
  ['ack.p99', 'acknowledgement p99'],
  ['lost', 'lost'],
  ['doubled', 'doubled'],
  ['disordered', 'out of order'],
  ['memory.system', 'memory of hub and servers'],
];

function tiles({ metrics }: Result): string {
  const items = shown.flatMap(([metric, label]) => {
    const value = metrics[metric];
    if (value === undefined) return [];
    return [`<div class="tile"><b>${escape(withUnit(metric, value))}</b><span>${label}</span></div>`];
  });
  return `<div class="tiles">${items.join('')}</div>`;
}

function objectives({ verdicts }: Result): string {
  const rows = verdicts.map(({ metric, value, met, ...goal }) => {
    const verdict = `<span class="${met ? 'met' : 'missed'}">${met ? 'met' : 'missed'}</span>`;
    const cells = [metric, withUnit(metric, value), goalOf(goal, metric)].map(
      (cell) => `<td>${escape(cell)}</td>`,
    );
    return `<tr>${cells.join('')}<td>${verdict}</td></tr>`;
  });
  return `<div class="scroll"><table><thead><tr><th>figure</th><th>measured</th><th>objective</th><th></th></tr></thead><tbody>${rows.join('')}</tbody></table></div>`;
}

function times(result: Result): string {
  return table(
    ['', 'count', 'p50', 'p90', 'p99', 'p99.9', 'max'],
    Object.entries(result.times).map(([name, of]) => [
      timeNames[name] ?? name,
      ...[of.count, of.p50, of.p90, of.p99, of.p999, of.max].map(figure),
    ]),
  );
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const cells = (tag: string, texts: readonly string[]): string =>
    `<tr>${texts.map((text) => `<${tag}>${escape(text)}</${tag}>`).join('')}</tr>`;
  return `<div class="scroll"><table><thead>${cells('th', head)}</thead><tbody>${rows.map((row) => cells('td', row)).join('')}</tbody></table></div>`;
}
