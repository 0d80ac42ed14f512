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
  'a quick run against a hub of its own finds everything right, and writes what it found',
  { timeout: 280_000 },
  async () => {
    const [json, html] = [join(folder, 'quick.json'), join(folder, 'quick.html')];
    const { code, said } = await load(
      '--profile',
      'quick',
      '--rate',
      '40',
      '--seconds',
      '4',
      '--json',
      json,
      '--html',
      html,
    );
    expect({ code, said }).toEqual({ code: 0, said: expect.stringContaining('all 9 objectives met') });
    const result: Result = JSON.parse(await readFile(json, 'utf8'));
    expect(result.metrics).toMatchObject({
      lost: 0,
      doubled: 0,
      disordered: 0,
      altered: 0,
      acknowledgedLost: 0,
    });
    expect(result.metrics['sent']).toBe(200);
    expect(result.metrics['acked']).toBe(200);
    // Each message has its sender and somebody else to hear it, and a third of the agents lost their connection.
    expect(result.metrics['delivered']).toBeGreaterThan(400);
    expect(result.times.reconnect?.count).toBe(8);
    expect(result.times.typing?.count).toBeGreaterThan(0);
    expect(result.marks).toMatchObject([{ label: 'a third of the connections is cut' }]);
    expect(result.processes.map(({ name }) => name)).toContain('hub-1');
    expect(await readFile(html, 'utf8')).toContain('All objectives were met');
    expect((await load('compare', json, json)).said).toContain('Within 10 % two runs differ by chance.');
  },
);

it('what cannot be understood is refused by its name, with the way to use it', async () => {
  const { code, said } = await load('--profile', 'quick', '--agnets', '5');
  expect(code).toBe(2);
  expect(said).toContain('--agnets is no flag of the load test');
  expect(said).toContain('--seconds <number>');
});
