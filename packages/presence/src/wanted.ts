import type { Change, RemoveEntry, SetEntry } from './change.ts';

/** An entry that this process wants to be there, until it is dropped. */
export type WantedEntry = Omit<SetEntry, 'kind' | 'take'>;
export type EntryName = Pick<SetEntry, 'channel' | 'user' | 'id'>;

/** Names have no control characters. */
export const keyOf = ({ channel, user, id }: EntryName): string => `${channel}\n${user}\n${id}`;

export const removalOf = ({ channel, user, id }: EntryName): RemoveEntry => ({
  kind: 'remove',
  channel,
  user,
  id,
});

/** What the end of its lease makes of an entry. */
export function partingOf(entry: WantedEntry): Change {
  const { lingerMs, ...rest } = entry;
  if (lingerMs === undefined) return removalOf(entry);
  return { ...rest, kind: 'set', take: false, rank: 0, owned: false, forMs: lingerMs };
}
