import { silentLogger } from '@parley/cache-core/kernel';
import { openParley } from '@parley/runtime';
import { sharedPostgres, sharedRedis } from '@parley/services';
import { describe, expect, it, vi } from 'vitest';
import { watched } from '../support/watched.ts';

// Servers take their time on a machine that is busy.
vi.setConfig({ testTimeout: 60_000 });
const patience = { timeout: 20_000 };

const environments = {
  memory: async () => ({ CACHE_ADAPTER: 'memory' }),
  Redis: async () => {
    const { url, prefix } = await sharedRedis();
    return { CACHE_ADAPTER: 'redis', REDIS_URL: url, REDIS_KEY_PREFIX: prefix };
  },
  Postgres: async () => ({ DATABASE_URL: (await sharedPostgres()).url }),
};

/** The longest name, in two bytes a character. */
const longest = 'ü'.repeat(240);
const tooLong = `${longest}x`;

/** What is told of a user, in just so many bytes of JSON. */
const detailsOf = (bytes: number): { readonly text: string } => ({
  text: 'y'.repeat(bytes - JSON.stringify({ details: { text: '' } }).length),
});
const most = 64 * 1024;

describe.each(Object.entries(environments))('on %s', (_, environment) => {
  it('names and details may be as large as they may, and not by one byte larger', async () => {
    const options = { logger: silentLogger, isolation: `limits${Date.now() % 1e9}` };
    await using parley = await openParley(await environment(), options);
    const { presence } = parley;
    using there = await watched(parley, longest);
    const connection = presence.connect({ user: longest, connection: longest, details: detailsOf(most) });
    await connection.join(longest);
    await expect.poll(() => there.users(), patience).toEqual([longest]);
    const { members } = await presence.members(longest);
    expect(members).toMatchObject([{ user: longest, details: detailsOf(most) }]);
    expect((await presence.users([longest]))[0]?.status).toBe('online');

    const refused = (field: string): unknown => expect.objectContaining({ code: 'INVALID_ARGUMENT', field });
    expect(() => presence.connect({ user: tooLong })).toThrow(refused('user'));
    expect(() => presence.connect({ user: 'ann', connection: tooLong })).toThrow(refused('connection'));
    const tooLarge = { user: 'ann', details: detailsOf(most + 1) };
    expect(() => presence.connect(tooLarge)).toThrow(refused('avatar and details'));
    await expect(async () => connection.join(tooLong)).rejects.toThrow(refused('channel'));
    await connection.close();
    await expect.poll(() => there.users(), patience).toEqual([]);
  });
});
