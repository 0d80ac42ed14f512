import { silentLogger } from '@parley/cache-core/kernel';
import { openParley } from '@parley/runtime';
import { sharedPostgres, sharedRedis, spawnSkewed, until, type SkewedProcess } from '@parley/services';
import { expect, it, vi } from 'vitest';
import { z } from 'zod';
import { watched } from '../support/watched.ts';

// The first use may install the package of the skewed clock.
vi.setConfig({ testTimeout: 180_000 });
const patience = { timeout: 60_000 };

const told = z.object({ now: z.number(), users: z.array(z.string()) });
const program = new URL('../programs/skewed-presence.ts', import.meta.url);
const minutes = 60_000;

const environments = {
  Redis: async () => {
    const { url, prefix } = await sharedRedis();
    return { CACHE_ADAPTER: 'redis', REDIS_URL: url, REDIS_KEY_PREFIX: prefix };
  },
  Postgres: async () => ({ CACHE_ADAPTER: 'database', DATABASE_URL: (await sharedPostgres()).url }),
};

const saidBy = async (child: SkewedProcess): Promise<z.infer<typeof told>> => {
  const line = await until(async () => /^\{.*\}$/m.exec(await child.output())?.[0], {
    what: 'it has said what it sees',
    deadline: 90_000,
  });
  return told.parse(JSON.parse(line));
};

it.each(['Redis', 'Postgres'] as const)(
  'on %s, processes whose clocks are five minutes ahead and behind take part as all others do',
  async (name) => {
    const env = await environments[name]();
    const isolation = `skewed${Date.now() % 1e9}`;
    await using parley = await openParley(env, { logger: silentLogger, isolation });
    const { presence } = parley;
    using there = await watched(parley, 'general');
    await presence.connect({ user: 'ann' }).join('general');
    const typed: string[] = [];
    const typing = presence.typing.watch('general', ({ users }) => typed.push(users.toSorted().join(' ')));
    const start = (offsetMs: number, user: string): Promise<SkewedProcess> =>
      spawnSkewed({ offsetMs, script: program, args: [JSON.stringify(env), isolation, user] });
    await using ahead = await start(5 * minutes, 'ahead');
    await using behind = await start(-5 * minutes, 'behind');

    const [early, late] = [await saidBy(ahead), await saidBy(behind)];
    // They are wrong indeed, and nobody has gone by it.
    expect(Math.abs(early.now - Date.now() - 5 * minutes)).toBeLessThan(2 * minutes);
    expect(Math.abs(late.now - Date.now() + 5 * minutes)).toBeLessThan(2 * minutes);
    for (const { users } of [early, late]) expect(users).toEqual(['ahead', 'ann', 'behind']);
    expect(there.users()).toEqual(['ahead', 'ann', 'behind']);
    expect(there.told.toSorted()).toEqual(['ahead came', 'ann came', 'behind came']);
    const { members } = await presence.members('general');
    expect(
      members
        .filter(({ text }) => text === 'wrong')
        .map(({ user }) => user)
        .toSorted(),
    ).toEqual(['ahead', 'behind']);
    // Who types and says no more of it has typed for ten seconds, whatever their clock says.
    await expect.poll(() => typing.current.users, patience).toEqual([]);
    for (const user of ['ahead', 'behind']) expect(typed.some((users) => users.includes(user))).toBe(true);

    await ahead.stop();
    await behind.stop();
    await expect.poll(() => there.users(), patience).toEqual(['ann']);
    expect(there.told.slice(3).toSorted()).toEqual(['ahead went', 'behind went']);
    for (const { lastSeen = 0 } of await presence.users(['ahead', 'behind']))
      expect(Math.abs(lastSeen - Date.now())).toBeLessThan(2 * minutes);
    typing.close();
  },
);
