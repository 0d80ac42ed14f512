import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Result } from '../src/run/result.ts';
import { load } from './support/load.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parley-load-test-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

it(
  'a page shows each message once and in order, while its viewer types and others talk elsewhere',
  { timeout: 290_000 },
  async () => {
    const json = join(folder, 'browser.json');
    const size = ['--agents', '8', '--rate', '60', '--seconds', '6', '--seed', '5'];
    const { said } = await load('--profile', 'browser', ...size, '--json', json);
    const text = await readFile(json, 'utf8').catch(() => said);
    const { metrics, times, problems, processes }: Result = JSON.parse(text);
    expect(problems).toEqual([]);
    expect(metrics).toMatchObject({
      lost: 0,
      doubled: 0,
      disordered: 0,
      acknowledgedLost: 0,
      'page.lost': 0,
      'page.doubled': 0,
      'page.disordered': 0,
      'page.altered': 0,
      'page.errors': 0,
    });
    expect(metrics['page.shown']).toBeGreaterThan(0);
    expect(metrics['page.rows']).toBeGreaterThan(0);
    expect(metrics['page.heapMB']).toBeGreaterThan(0);
    expect(times.painted?.count).toBeGreaterThan(0);
    expect(times.painted?.p50).toBeGreaterThan(0);
    expect(times.keyPainted?.count).toBe(times.key?.count);
    expect(processes.map(({ name }) => name)).toContain('chromium');
  },
);
