import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { keptFile } from '../../src/pages/kept.ts';
import { ourDocs } from '../../src/pages/our-docs.ts';
import { pagesOf, writePages } from '../../src/pages/write-pages.ts';
import { aResult } from '../support/a-result.ts';
import { aScaling } from '../support/a-scaling.ts';

let folder = '';
let docs: URL;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parley-load-pages-'));
  docs = pathToFileURL(`${folder}/docs/`);
  await mkdir(new URL('results/load/', docs), { recursive: true });
  await writeFile(
    join(folder, 'README.md'),
    'Before\n\n<!-- load: begin -->\nold\n<!-- load: end -->\n\nAfter\n',
  );
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const keep = (name: string, value: object): Promise<void> =>
  writeFile(keptFile(docs, name), JSON.stringify(value));
const read = (path: string): Promise<string> => readFile(new URL(path, docs), 'utf8');

it('the pages of this repository are those of the results in it', async () => {
  const pages = await pagesOf(ourDocs);
  for (const [address, text] of pages)
    expect({ address, text: await readFile(new URL(address), 'utf8') }).toEqual({ address, text });
  // Where nothing was measured nothing is told.
  const told = ['performance/hub.md', 'performance/scaling.md'].map((page) => new URL(page, ourDocs));
  for (const page of told) expect([page.href, existsSync(page)]).toEqual([page.href, pages.has(page.href)]);
});

it('a page tells of each run that is kept, in the order of the suite, and of no other', async () => {
  await keep('node-kill', aResult({ problems: ['<img> was refused'] }));
  await keep('seeds', aResult({ profile: 'seeds', verdicts: [], warnings: [], marks: [] }));
  await writePages(docs);
  const page = await read('performance/hub.md');
  expect(page.match(/^## .+$/gmu)).toEqual(['## seeds', '## node-kill']);
  expect(page).toContain('> The generator itself was late');
  expect(page).toContain('> &lt;img&gt; was refused');
  expect(page).toMatch(/\| `delivery\.p99` +\| 12\.3 ms +\| at most 10 ms +\| \*\*missed\*\* \|/u);
  expect(page).toMatch(/\| \[node-kill\]\(#node-kill\) +\| missed 2 of 3 \|/u);
  expect(page).toContain('--profile node-kill --on postgres --agents 60 --rate 300 --seconds 2 --seed 7`');
  const chart = await read('performance/charts/node-kill.svg');
  expect(chart).toContain('xmlns="http://www.w3.org/2000/svg"');
  expect(chart).not.toMatch(/NaN|Infinity|undefined/u);
  const readme = await readFile(join(folder, 'README.md'), 'utf8');
  expect(readme).toMatch(/^Before\n\n<!-- load: begin -->\n\n\| under load/u);
  expect(readme).toMatch(/<!-- load: end -->\n\nAfter\n$/u);
  expect(readme).not.toContain('old');
});

it('without results there are no pages, and the README tells nothing', async () => {
  await writePages(docs);
  expect(existsSync(new URL('performance/hub.md', docs))).toBe(false);
  expect(await readFile(join(folder, 'README.md'), 'utf8')).toContain(
    '<!-- load: begin -->\n<!-- load: end -->',
  );
});

it('what growth costs is computed, and what somebody wrote about it stands behind', async () => {
  await keep('scaling', aScaling());
  await writeFile(new URL('results/load/scaling-notes.md', docs), '## Why\n\nBecause.\n');
  await writePages(docs);
  const page = await read('performance/scaling.md');
  expect(page.match(/^## .+$/gmu)).toEqual([
    '## nodes',
    '## channels',
    '## connections',
    '## A million connections, on paper',
    '## Why',
  ]);
  // 0.2 processors for 100 messages a second, and 0.9 for as many.
  expect(page).toContain('The hub takes 2 ms for a message at first and 9 at last (x 4.50).');
  expect(page).toContain('At 3 it leaves the straight line: 4 would lie on it, 9 was measured.');
  // 20 KB each, 500 µs a delivery, 1 and 2 ms a message.
  expect(page).toMatch(/memory of the nodes +\| 20 GB +\| 5 nodes of 4 GB/u);
  expect(page).toMatch(/Postgres, 10,000 messages a second +\| 10 processors/u);
  expect(page).toContain('of that Redis needs most, 20 processors');
  expect(await read('performance/charts/scaling-connections.svg')).toContain('KB');
});

it('a million is not spoken of before connections and channels were measured', async () => {
  const { series, ...rest } = aScaling();
  await keep('scaling', { ...rest, series: series.filter(({ name }) => name !== 'connections') });
  await writePages(docs);
  expect(await read('performance/scaling.md')).not.toContain('million');
});
