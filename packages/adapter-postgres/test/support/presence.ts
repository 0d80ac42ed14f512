import { setTimeout as sleep } from 'node:timers/promises';
import { postgresPresenceStore } from '@parley/adapter-postgres/presence';
import type { Database } from '@parley/adapter-postgres';
import type { RemoveEntry, SetEntry } from '@parley/presence';
import type { PresenceHarness } from '@parley/presence/conformance';
import type { Backend } from './backends.ts';

/** After `presence_`. */
export const presenceTables = ['epochs', 'leases', 'channels', 'entries', 'diffs'];

/** As a crash of the server does. */
export async function emptyPresence({ schema, ...db }: Database): Promise<void> {
  await db.query({
    text: `truncate ${presenceTables.map((table) => `${schema}.presence_${table}`).join(', ')}`,
  });
}

export function presenceHarness({ db, other }: Backend, toleranceMs: number): PresenceHarness {
  return {
    store: postgresPresenceStore(db),
    other: postgresPresenceStore(other),
    advance: (ms) => sleep(ms),
    toleranceMs,
    lose: () => emptyPresence(db),
  };
}

/** Longer than any test takes. */
export const longMs = 3_600_000;

export const setting = (
  channel: string,
  user: string,
  id: string,
  more: Partial<Omit<SetEntry, 'kind'>> = {},
): SetEntry => ({
  kind: 'set',
  channel,
  user,
  id,
  rank: 1,
  value: '',
  take: false,
  owned: true,
  idleMs: longMs,
  ...more,
});

export const removal = (channel: string, user: string, id: string): RemoveEntry => ({
  kind: 'remove',
  channel,
  user,
  id,
});
