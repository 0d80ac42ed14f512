import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { scalingChart, scalingPage } from '../scaling/page.ts';
import { chartFile, deliveryChart } from './chart-file.ts';
import { hubPage } from './hub-page.ts';
import { readKept } from './kept.ts';
import { withReadmeTable } from './readme-table.ts';

/** By their address: what stands in each page and picture that is made of what is kept in `docs`. Nothing is told of what is not kept. */
export async function pagesOf(docs: URL): Promise<Map<string, string>> {
  const { runs, scaling } = await readKept(docs);
  const pages = new Map<string, string>();
  const page = (path: string, text: string): unknown => pages.set(new URL(path, docs).href, text);
  if (runs.length > 0) page('performance/hub.md', hubPage(runs));
  for (const { name, result } of runs)
    page(`performance/charts/${name}.svg`, chartFile(deliveryChart(result)));
  if (scaling !== undefined) {
    const notes = await readFile(new URL('results/load/scaling-notes.md', docs), 'utf8').catch(() => '');
    page('performance/scaling.md', scalingPage(scaling, notes));
    for (const { name } of scaling.series)
      page(`performance/charts/scaling-${name}.svg`, chartFile(scalingChart(scaling, name)));
  }
  const readme = new URL('../README.md', docs);
  const before = await readFile(readme, 'utf8').catch(() => undefined);
  if (before !== undefined) pages.set(readme.href, withReadmeTable(before, runs));
  return pages;
}

export async function writePages(docs: URL): Promise<void> {
  for (const [address, text] of await pagesOf(docs)) {
    const file = new URL(address);
    await mkdir(new URL('.', file), { recursive: true });
    await writeFile(file, text);
  }
}
