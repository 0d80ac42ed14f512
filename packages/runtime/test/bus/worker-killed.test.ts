import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { silentLogger } from '@parley/cache-core/kernel';
import { openParley, type Environment } from '@parley/runtime';
import { sharedPostgres, startRedis } from '@parley/services';
import { expect, it, vi } from 'vitest';
import { mails } from '../support/topics.ts';

vi.setConfig({ testTimeout: 90_000 });

const program = fileURLToPath(new URL('../programs/work.ts', import.meta.url));

/** A process that has begun the job, and dies with it. */
async function killWithJob(env: Environment): Promise<void> {
  const child = spawn(process.execPath, ['--conditions=@parley/source', program], {
    env: { PATH: process.env['PATH'], NODE_NO_WARNINGS: '1', ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    const [said] = await once(child.stdout, 'data');
    expect(String(said)).toBe('began letter\n');
  } finally {
    child.kill('SIGKILL');
  }
  await once(child, 'exit');
}

it.each(['Redis', 'Postgres'])(
  'a job whose worker is killed in the middle of it is done by another one, on %s',
  async (name) => {
    await using redis = name === 'Redis' ? await startRedis() : undefined;
    const isolation = `killed${Date.now() % 1e9}`;
    const env = redis
      ? { NODE_ENV: 'production', REDIS_URL: redis.url, ISOLATION: isolation }
      : { CACHE_ADAPTER: 'database', DATABASE_URL: (await sharedPostgres()).url, ISOLATION: isolation };
    await using parley = await openParley(env, { logger: silentLogger, isolation });
    const { bus } = parley;
    await bus.publish(mails, 'letter');
    await killWithJob(env);
    const done: [string, number][] = [];
    bus.work(mails, ({ data, attempt }) => void done.push([data, attempt]), { pollEvery: '0.2s' });
    await expect.poll(() => done, { timeout: 30_000 }).toEqual([['letter', 2]]);
    await expect
      .poll(() => bus.queue(mails).counts(), { timeout: 10_000 })
      .toMatchObject({ ready: 0, taken: 0, dead: 0 });
  },
);

it.each(['Redis', 'Postgres'])(
  'a job whose worker stands still for longer than its lease is done by another one, and the first one changes nothing, on %s',
  async (name) => {
    await using redis = name === 'Redis' ? await startRedis() : undefined;
    const isolation = `still${Date.now() % 1e9}`;
    const env = redis
      ? { NODE_ENV: 'production', REDIS_URL: redis.url, ISOLATION: isolation }
      : { CACHE_ADAPTER: 'database', DATABASE_URL: (await sharedPostgres()).url, ISOLATION: isolation };
    await using parley = await openParley(env, { logger: silentLogger, isolation });
    const { bus } = parley;
    await bus.publish(mails, 'letter');
    const child = spawn(process.execPath, ['--conditions=@parley/source', program], {
      env: { PATH: process.env['PATH'], NODE_NO_WARNINGS: '1', ...env },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let said = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (said += text));
    try {
      await expect.poll(() => said, { timeout: 30_000 }).toBe('began letter\n');
      child.kill('SIGSTOP');
      const done: [string, number][] = [];
      bus.work(mails, ({ data, attempt }) => void done.push([data, attempt]), { pollEvery: '0.2s' });
      const empty = { ready: 0, taken: 0, dead: 0 };
      await expect.poll(() => done, { timeout: 30_000 }).toEqual([['letter', 2]]);
      await expect.poll(() => bus.queue(mails).counts(), { timeout: 10_000 }).toMatchObject(empty);
      child.kill('SIGCONT');
      await expect.poll(() => said, { timeout: 30_000 }).toContain('ended letter\n');
      await bus.publishMany(mails, ['next 1', 'next 2', 'next 3', 'next 4']);
      await expect.poll(() => bus.queue(mails).counts(), { timeout: 30_000 }).toMatchObject(empty);
      expect(done.filter(([data]) => data === 'letter')).toEqual([['letter', 2]]);
      expect(said.split('began letter')).toHaveLength(2);
    } finally {
      child.kill('SIGKILL');
    }
    await once(child, 'exit');
  },
);
