import { silentLogger } from '@parley/cache-core/kernel';
import { openParley, type Environment, type Parley } from '@parley/runtime';
import { until } from '@parley/services';
import { describe, expect, it, vi } from 'vitest';
import { backends } from '../support/backends.ts';

// An embedded database is made anew, on a machine that may be busy.
vi.setConfig({ testTimeout: 90_000 });

const isolation = `g${Date.now() % 1e9}`;
/** Slower than any machine, so that nothing but the store decides. */
const rules = { message: { limit: 3, per: '1d', kind: 'fixed', whenAway: 'closed' } } as const;
const within = '30s';

const open = (env: Environment): Promise<Parley> => openParley(env, { logger: silentLogger, isolation });

async function expectToCountTogether(one: Parley, two: Parley): Promise<void> {
  const [here, there] = await Promise.all([one.limiter({ rules, within }), two.limiter({ rules, within })]);
  const verdicts = [];
  for (const limiter of [here, there, here, there])
    verdicts.push(await limiter.check('message', { identity: 'agent 7' }));
  expect(verdicts.map(({ ok, decidedBy }) => [ok, decidedBy])).toEqual([
    ...Array.from({ length: 3 }, () => [true, 'store']),
    [false, 'store'],
  ]);
}

async function expectToExcludeEachOther(one: Parley, two: Parley): Promise<void> {
  const options = { storeDeadline: within } as const;
  const [here, there] = await Promise.all([one.locks(options), two.locks(options)]);
  const held = await here.acquire('job', { wait: '30s' });
  expect(await there.tryAcquire('job')).toBeUndefined();
  const waiting = there.acquire('job', { wait: '60s' });
  await held.release();
  await using next = await waiting;
  expect(next.fence).toBeGreaterThan(held.fence);
}

async function expectToShareSessions(one: Parley, two: Parley): Promise<void> {
  const options = { deadline: within } as const;
  const [here, there] = await Promise.all([one.sessions(options), two.sessions(options)]);
  const { id, handle } = await here.create({ user: 'ann', data: { theme: 'dark' } });
  expect(await there.get(id)).toMatchObject({ user: 'ann', data: { theme: 'dark' } });
  expect(await there.revoke('ann', handle)).toBe(true);
  expect(await here.get(id)).toBeUndefined();
}

describe.each(Object.entries(backends))('on %s', (name, envOf) => {
  it('limits count together, locks exclude each other, and sessions are the same ones', async () => {
    const env = await envOf();
    const one = await open(env);
    // What one process has for itself is not shared.
    const alone = name === 'memory' || name.startsWith('embedded');
    const two = alone ? one : await open(env);
    expect(Object.keys((await one.health()).checks ?? {})).toEqual(['cache', 'bus', 'presence']);
    await expectToCountTogether(one, two);
    await expectToExcludeEachOther(one, two);
    await expectToShareSessions(one, two);

    const upWith = async (parts: readonly string[]): Promise<boolean> => {
      const { status, checks = {} } = await one.health();
      return status === 'up' && parts.every((part) => checks[part]?.status === 'up');
    };
    await until(() => upWith(['limits', 'locks', 'sessions']), { what: 'everything is up' });
    const { adapter, because } = one.selection.cache;
    expect(one.selection.locks).toEqual({ adapter, because });
    for (const parley of new Set([one, two])) {
      await parley.close();
      await expect(parley.limiter({ rules })).rejects.toMatchObject({ code: 'CLOSED' });
      await expect(parley.locks()).rejects.toMatchObject({ code: 'CLOSED' });
      await expect(parley.sessions()).rejects.toMatchObject({ code: 'CLOSED' });
    }
  });
});
