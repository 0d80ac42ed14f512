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

const agents = 6;

it.each([
  ['failover', ['the primary is killed', 'the standby takes writes']],
  [
    'redis-failover',
    [
      'the master of Redis is killed',
      'the Sentinels have chosen another',
      'the old master is back, as a replica',
    ],
  ],
])(
  '%s: everybody is delivered to again, and everything that was acknowledged is there',
  { timeout: 280_000 },
  async (profile, labels) => {
    const json = join(folder, `${profile}.json`);
    const size = ['--agents', String(agents), '--rate', '20', '--seconds', '8'];
    const { said } = await load('--profile', profile, ...size, '--json', json);
    const text = await readFile(json, 'utf8').catch(() => said);
    const { metrics, marks, times }: Result = JSON.parse(text);
    expect(metrics).toMatchObject({
      lost: 0,
      doubled: 0,
      disordered: 0,
      altered: 0,
      acknowledgedLost: 0,
      unanswered: 0,
      refused: 0,
      notLive: 0,
      sent: 260,
      acked: 260,
    });
    // What was said before a receiver began anew is read by it, and was not sent to it.
    expect((metrics['delivered'] ?? 0) + (metrics['toldAsMissed'] ?? 0)).toBe(260 * agents);
    expect(marks.map(({ label }) => label)).toEqual(labels);
    expect(times.resume?.count).toBe(agents);
  },
);
