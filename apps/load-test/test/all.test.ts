import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { runAll } from '../src/command/run-all.ts';
import { readKept } from '../src/pages/kept.ts';
import { oneChannel } from '../src/profiles/layout.ts';
import { runScaling } from '../src/scaling/run.ts';

let folder = '';
let docs: URL;
const said: string[] = [];
const silent = {
  output: { say: (line: string) => void said.push(line), show: () => undefined },
  print: () => undefined,
};
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parley-load-all-'));
  docs = pathToFileURL(`${folder}/docs/`);
  await writeFile(join(folder, 'README.md'), '<!-- load: begin -->\n<!-- load: end -->\n');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const text = (path: string): Promise<string> => readFile(new URL(path, docs), 'utf8');

it('what is run is kept, and told on the page and in the README', { timeout: 280_000 }, async () => {
  const size = { agents: 4, rate: 10, seconds: 2 };
  await runAll({ only: ['hot-channel-embedded'], docs, size, ...silent });
  const { runs } = await readKept(docs);
  expect(runs).toMatchObject([
    {
      name: 'hot-channel-embedded',
      result: { profile: 'hot-channel', ground: 'embedded', size, metrics: { lost: 0, acked: 70 } },
    },
  ]);
  expect(await text('performance/hub.md')).toContain('## hot-channel-embedded');
  expect(await text('performance/charts/hot-channel-embedded.svg')).toContain('</svg>');
  expect(await text('../README.md')).toContain('| hot-channel-embedded |');
  expect(existsSync(new URL('performance/scaling.md', docs))).toBe(false);
});

it(
  'what growth costs is kept, and a series that was measured before stays',
  { timeout: 280_000 },
  async () => {
    const one = {
      of: 'members of one channel',
      ground: 'embedded',
      nodes: () => 1,
      size: (agents: number) => ({ agents, rate: 20, seconds: 2 }),
      layout: oneChannel,
    } as const;
    const series = [
      { ...one, name: 'members', xs: [3] },
      { ...one, name: 'nodes', xs: [2] },
    ];
    expect(await runScaling({ only: ['members'], docs, series, ...silent })).toBe(true);
    expect(await runScaling({ only: ['nodes'], docs, series, ...silent })).toBe(true);
    const { scaling } = await readKept(docs);
    expect(scaling?.series.map(({ name, points }) => [name, points.map(({ x }) => x)])).toEqual([
      ['nodes', [2]],
      ['members', [3]],
    ]);
    for (const { metrics } of scaling?.series[1]?.points ?? [])
      expect(metrics).toMatchObject({ lost: 0, 'acked.perSecond': expect.any(Number) });
    expect(await text('performance/scaling.md')).toContain('From 3 to 3 members of one channel.');
  },
);
