import { connectPostgres, migrate } from '@parley/adapter-postgres';
import { postgresLockStore } from '@parley/adapter-postgres/lock';
import { postgresSessionStore } from '@parley/adapter-postgres/session';
import { startPostgres, until } from '@parley/services';
import { expect, test, vi } from 'vitest';

// Servers take their time on a machine that is busy.
vi.setConfig({ testTimeout: 120_000 });

test('where commits are not waited for, a crash brings back nobody, and takes no lock from its holder', async () => {
  // As late as the server writes its log by itself.
  const settings = { synchronous_commit: 'off', wal_writer_delay: '10s', wal_writer_flush_after: '0' };
  const server = await startPostgres({ settings });
  const db = connectPostgres({ url: server.url, maxConnections: 2, connectTimeout: '30s' });
  try {
    await migrate(db);
    const [sessions, locks] = [postgresSessionStore(db), postgresLockStore(db)];
    const life = { version: 'v', data: '{}', idleMs: 86_400_000, maxAgeMs: 86_400_000 };
    const ending = { token: 't', stoneMs: 3_600_000 };
    const acts: Readonly<Record<string, () => Promise<unknown>>> = {
      destroy: () => sessions.destroy(['destroy'], ending),
      destroyOf: () => sessions.destroyOf('destroyOf', ending),
      rotate: () =>
        sessions.rotate({ from: 'rotate', to: 'new', version: 'v2', idleMs: 86_400_000, stoneMs: 3_600_000 }),
      acquire: () => locks.acquire({ key: 'acquire', token: 'a', leaseMs: 3_600_000 }),
    };
    for (const id of Object.keys(acts)) await sessions.create({ ...life, id, user: id });
    const there: string[] = [];
    for (const [id, act] of Object.entries(acts)) {
      await server.query('checkpoint');
      await act();
      await server.kill();
      await server.restart({ data: 'keep' });
      const read = (): Promise<boolean> =>
        sessions.read(id).then(
          () => true,
          () => false,
        );
      await until(read, { what: 'the server answers', deadline: 60_000 });
      if ((await sessions.read(id)) !== undefined) there.push(id);
    }
    // Nothing was to end that one.
    expect(there).toEqual(['acquire']);
    const other = await locks.acquire({ key: 'acquire', token: 'b', leaseMs: 1_000 });
    expect(other.state).toBe('held');
    expect(await sessions.read('new')).toMatchObject({ version: 'v2' });
  } finally {
    await db.close();
    await server.stop();
  }
});
