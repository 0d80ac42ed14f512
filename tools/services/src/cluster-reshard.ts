import type { RedisServer } from './redis.ts';
import type { Call } from './redis-admin.ts';
import { withRedis } from './redis-admin.ts';

const KEYS_AT_ONCE = 100;
const MIGRATE_MS = 5_000;

interface Party {
  readonly id: string;
  readonly server: RedisServer;
}

async function moveKeys(from: Call, target: RedisServer, slot: number): Promise<void> {
  const { host, port, username = '', password = '' } = target.access;
  for (;;) {
    const keys = await from('CLUSTER', 'GETKEYSINSLOT', slot, KEYS_AT_ONCE);
    if (!Array.isArray(keys) || keys.length === 0) return;
    await from(
      'MIGRATE',
      host,
      port,
      '',
      0,
      MIGRATE_MS,
      'AUTH2',
      username,
      password,
      'KEYS',
      ...keys.map(String),
    );
  }
}

/**
 * Moves slots the way operators do, while clients go on: a client is sent after a moving key by ASK, and after a moved slot by MOVED.
 * `others` are the masters that have no part in it.
 */
export async function moveSlots(
  slots: readonly number[],
  from: Party,
  to: Party,
  others: readonly RedisServer[],
): Promise<void> {
  await withRedis(from.server.access, (source) =>
    withRedis(to.server.access, async (target) => {
      for (const slot of slots) {
        await target('CLUSTER', 'SETSLOT', slot, 'IMPORTING', from.id);
        await source('CLUSTER', 'SETSLOT', slot, 'MIGRATING', to.id);
        await moveKeys(source, to.server, slot);
        // The new owner first: it is the one who can never be without the slot.
        await target('CLUSTER', 'SETSLOT', slot, 'NODE', to.id);
        await source('CLUSTER', 'SETSLOT', slot, 'NODE', to.id);
      }
    }),
  );
  await Promise.all(
    others.map((server) =>
      withRedis(server.access, async (call) => {
        for (const slot of slots) await call('CLUSTER', 'SETSLOT', slot, 'NODE', to.id);
      }),
    ),
  );
}
