import type { KeptRun } from './kept.ts';
import { of, verdict } from './hub-page.ts';
import { markdownTable } from './table.ts';

const marked = /(<!-- load: begin -->\n)[^]*?(<!-- load: end -->)/u;

/** The README with the short table between its marks; without results there is nothing between them. */
export function withReadmeTable(readme: string, runs: readonly KeptRun[]): string {
  const table = markdownTable(
    [
      'under load',
      'deliveries',
      'delivery p50',
      'p99',
      'lost, doubled, out of order',
      'memory',
      'objectives',
    ],
    runs.map(({ name, result }) => [
      name,
      of(result, 'delivered.perSecond'),
      of(result, 'delivery.p50'),
      of(result, 'delivery.p99'),
      ['lost', 'doubled', 'disordered'].map((metric) => of(result, metric)).join(', '),
      of(result, 'memory.system'),
      verdict(result),
    ]),
  );
  const text = `\n${table}\n\n[How this was measured](docs/performance/hub.md), with everything else that was.\n\n`;
  return readme.replace(
    marked,
    (_, begin: string, end: string) => `${begin}${runs.length === 0 ? '' : text}${end}`,
  );
}
