import { setImmediate as nextTurn } from 'node:timers/promises';
import { throwIfAborted, type Clock } from '@parley/cache-core/kernel';
import { HubError, type Found, type Message } from '@parley/hub-protocol';
import { parseSearch, type Search } from '@parley/hub-protocol/search';
import { textArray } from '@parley/runtime';
import type { Caller } from '../access/caller.ts';
import type { Call } from '../chat/chat.ts';
import type { ChatCore } from '../chat/core.ts';
import { fromView } from '../chat/views.ts';
import { channelOf, senderOf } from './scope.ts';
import { SearchTurns } from './search-turns.ts';
import { Snippets } from './snippet.ts';
import { takeStep, type Asked, type Place, type Strides } from './steps.ts';

interface SearchRequest extends Call {
  /** As people write it. */
  readonly query: string;
  /** Where the page before has ended. */
  readonly after?: string | undefined;
  readonly limit: number;
}

interface SearchPage {
  readonly items: Found[];
  /** Where the page has ended; undefined: there is nothing behind it. A page may end before it is full, even empty, where little is found among much. */
  readonly end: string | undefined;
}

export type SearchMessages = (caller: Caller, request: SearchRequest) => Promise<SearchPage>;

export interface SearchOptions {
  /** @default 2,000, 32,000 and 20,000: some hundredths of a second each */
  readonly strides?: Strides | undefined;
  /** For how long a search goes on that has found too little; then it answers what it has. @default 2,000 */
  readonly lookMs?: number | undefined;
}

const standard: Strides = { near: 2_000, far: 32_000, indexed: 20_000 };
const ends: Place = { at: Number.MAX_SAFE_INTEGER, id: 'ffffffff-ffff-ffff-ffff-ffffffffffff' };
/** In front of all that has the same moment. */
const firstId = '00000000-0000-0000-0000-000000000000';

/** For how long this process works on one page before others have their turn. */
const burstMs = 5;

/** Search in what is said. At most half of the connections to the database are for it, so that nobody else waits for who searches. */
export function createSearch(core: ChatCore, options: SearchOptions = {}): SearchMessages {
  const running = Math.max(1, Math.floor(core.tables.db.maxConnections / 2));
  const turns = new SearchTurns({ running, waiting: 100, waitingOfUser: 5 });
  return async (caller, { query, after, limit, signal }) => {
    const search = parseSearch(query);
    const from = after === undefined ? ends : placeIn(after);
    const [sender, within] = await Promise.all([
      search.from === undefined ? undefined : senderOf(core, caller, search.from),
      search.in === undefined ? undefined : channelOf(core, caller, search.in, { signal }),
    ]);
    const asked = {
      userId: caller.userId,
      terms: JSON.stringify(search.terms),
      marks: textArray(marksOf(search, sender)),
      kinds: textArray(kindsOf(search)),
      within,
      since: search.after ?? 0,
    };
    const until = earlier(from, search.before);
    // One more than asked for tells whether there is another page.
    const { found, reached } = await turns.run(caller.userId, signal, () =>
      lookFor(core, asked, until, { ...options, wanted: limit + 1, signal }),
    );
    const items = await shown(found.slice(0, limit), search, core.clock);
    const last = items.at(-1);
    if (found.length > limit && last !== undefined) return { items, end: placeOf(last) };
    return { items, end: reached && textOf(reached) };
  };
}

interface Looking extends SearchOptions, Call {
  readonly wanted: number;
}

/** Step by step, each of which sees what may be read then. */
async function lookFor(
  { tables, clock }: ChatCore,
  asked: Asked,
  from: Place,
  { wanted, signal, strides = standard, lookMs = 2_000 }: Looking,
): Promise<{ readonly found: readonly string[]; readonly reached: Place | undefined }> {
  const found: string[] = [];
  const endAt = clock.monotonic() + lookMs;
  let until = from;
  for (let near = strides.near; ; near = 0) {
    const step = await takeStep(tables, asked, until, {
      strides: { ...strides, near },
      wanted: wanted - found.length,
    });
    found.push(...step.found);
    if (step.reached === undefined) return { found, reached: undefined };
    until = step.reached;
    if (clock.monotonic() >= endAt) return { found, reached: until };
    throwIfAborted(signal);
  }
}

async function shown(views: readonly string[], { terms }: Search, clock: Clock): Promise<Found[]> {
  const snippets = new Snippets(terms);
  const items: Found[] = [];
  let from = clock.monotonic();
  for (const view of views) {
    const message = fromView<Message>(view);
    items.push({ message, snippet: snippets.of(message.content) });
    if (clock.monotonic() - from < burstMs) continue;
    await nextTurn();
    from = clock.monotonic();
  }
  return items;
}

/** Where a message stands among all that are found. */
function placeOf({ message }: Found): string {
  return textOf({ at: message.timestamp, id: message.id });
}

const textOf = ({ at, id }: Place): string => `${at} ${id}`;

function placeIn(place: string): Place {
  const [, at, id] = /^(\d{1,15}) ([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/.exec(place) ?? [];
  if (at === undefined || id === undefined)
    throw new HubError('INVALID', 'cursor must be `next` of the page before', { field: 'cursor' });
  return { at: Number(at), id };
}

function earlier(place: Place, before: number | undefined): Place {
  return before === undefined || place.at < before ? place : { at: before, id: firstId };
}

/** What the column `words` has beside words. */
function marksOf({ has, is }: Search, sender: string | undefined): string[] {
  const from = sender === undefined ? [] : [`:from${sender.slice(-12)}`];
  return [...from, ...has.map((mark) => `:${mark}`), ...is.map((form) => `:${form}`)];
}

/** Thoughts and actions are found by who asks for them. */
function kindsOf({ is }: Search): string[] {
  return is.includes('thought') || is.includes('action') ? ['thought', 'action'] : ['message'];
}
