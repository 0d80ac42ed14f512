import type { HubState } from '@parley/hub-client';
import { othersIn, titleOf } from '../hub/names.ts';
import { findPeople } from '../people/people.ts';
import { fuzzy } from './fuzzy.ts';

/** Something that one can go to, or do. */
export type Entry =
  | { readonly kind: 'channel'; readonly id: string; readonly title: string; readonly unread: number }
  | { readonly kind: 'person'; readonly id: string; readonly title: string; readonly handle: string }
  | { readonly kind: 'action'; readonly id: string; readonly title: string; readonly run: () => void };

export interface Group {
  readonly title: string;
  readonly entries: readonly Entry[];
}

type Scored = readonly [entry: Entry, score: number];

/**
 * What fits what was typed: channels, then people, then actions, each the best first; without anything typed, what is unread and where one was
 * lately.
 */
export function findEntries(
  state: HubState,
  typed: string,
  {
    recent,
    here,
    actions,
  }: { recent: readonly string[]; here?: string | undefined; actions: readonly Entry[] },
): readonly Group[] {
  const query = typed.trim();
  const wanted = query.startsWith('#') ? 'channel' : query.startsWith('@') ? 'person' : undefined;
  const text = query.replace(/^[#@]/u, '');
  const channels = best(channelsOf(state, text, recent, here, wanted === 'channel'), text === '' ? 8 : 10);
  const talks = new Set(wanted === 'person' ? [] : channels.map(({ id }) => partnerIn(state, id)));
  const people =
    wanted === 'channel' || query === '' ? [] : peopleOf(state, text).filter(({ id }) => !talks.has(id));
  const doing = wanted === undefined ? best(actionsOf(actions, text), 10) : [];
  return [
    { title: text === '' ? 'Recent' : 'Channels', entries: wanted === 'person' ? [] : channels },
    { title: 'People and agents', entries: people },
    { title: 'Actions', entries: doing },
  ].filter(({ entries }) => entries.length > 0);
}

function* channelsOf(
  state: HubState,
  text: string,
  recent: readonly string[],
  here: string | undefined,
  roomsOnly: boolean,
): Iterable<Scored> {
  const ranks = new Map(recent.map((id, at) => [id, recent.length - at]));
  for (const { channel, reading } of state.channels.values()) {
    if (channel.archivedAt !== null && text === '') continue;
    if (roomsOnly && channel.name === null) continue;
    const title = titleOf(channel, state);
    const fits = fuzzy(text, title);
    if (fits === undefined || (text === '' && channel.id === here)) continue;
    const waits = reading.mentions > 0 ? 60 : reading.unread > 0 ? 40 : 0;
    const rank = (ranks.get(channel.id) ?? 0) + waits;
    yield [
      { kind: 'channel', id: channel.id, title, unread: reading.unread },
      fits + Math.min(rank, 60) + (channel.archivedAt === null ? 0 : -500),
    ];
  }
}

/** Who a conversation of two is with: they need not be listed twice. */
function partnerIn(state: HubState, channelId: string): string | undefined {
  if (state.channels.get(channelId)?.channel.kind !== 'direct') return undefined;
  return othersIn(channelId, state)?.[0];
}

function peopleOf(state: HubState, text: string): readonly Entry[] {
  return findPeople(state.users, state.me, text, 8).map(({ id, displayName, handle }) => ({
    kind: 'person',
    id,
    title: displayName,
    handle,
  }));
}

function* actionsOf(actions: readonly Entry[], text: string): Iterable<Scored> {
  for (const entry of actions) {
    const fits = fuzzy(text, entry.title);
    if (fits !== undefined) yield [entry, fits];
  }
}

function best(scored: Iterable<Scored>, most: number): readonly Entry[] {
  return [...scored]
    .sort((a, b) => b[1] - a[1])
    .slice(0, most)
    .map(([entry]) => entry);
}
