import type { ClusterNode } from '@parley/services';
import { expect } from 'vitest';

/** Begins to move a slot, and moves some of its keys: what a reshard leaves behind that was ended in its middle. */
export async function moveSome(
  { from, to }: { readonly from: ClusterNode; readonly to: ClusterNode },
  slot: number,
  moves: (key: string) => boolean,
): Promise<void> {
  await to.server.command('CLUSTER', 'SETSLOT', slot, 'IMPORTING', from.id);
  await from.server.command('CLUSTER', 'SETSLOT', slot, 'MIGRATING', to.id);
  const all = await from.server.command('CLUSTER', 'GETKEYSINSLOT', slot, 10_000);
  if (!Array.isArray(all)) throw new TypeError('the server must answer with a list');
  const moving = all.map(String).filter(moves);
  expect([moving.length > 0, moving.length < all.length]).toEqual([true, true]);
  const { host, port, username = '', password = '' } = to.server.access;
  const words = [host, port, '', 0, 30_000, 'AUTH2', username, password, 'KEYS', ...moving];
  await from.server.command('MIGRATE', ...words);
}
