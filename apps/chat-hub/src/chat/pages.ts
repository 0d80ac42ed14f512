import { HubError, limits, type Message } from '@parley/hub-protocol';
import { readCount, readText } from '@parley/runtime';
import type { Caller } from '../access/caller.ts';
import type { MessagePage, PageRequest } from './chat.ts';
import type { ChatCore } from './core.ts';
import { hideChannel } from './editing.ts';
import { admit, look } from './look.ts';
import { readPlace } from './places.ts';
import { isFollowing } from './following.ts';

/** What of a channel is asked for again and again: the end of it. */
const recent = 50;

/** Messages of a channel, outside of threads: the last ones, or those around some number. */
export async function readPage(
  core: ChatCore,
  caller: Caller,
  channelId: string,
  request: PageRequest = {},
): Promise<MessagePage> {
  const { signal } = request;
  const epoch = core.epoch();
  const seen = await look(core.tables, caller, channelId, { signal });
  admit(seen, 'channel.read');
  await core.confirmEpoch(epoch);
  const bounds = boundsOf(request);
  if (bounds.latest && bounds.limit <= recent)
    return cut(await readRecent(core, channelId, seen.head), bounds.limit);
  return readBounds(core, 'message_page', channelId, bounds, request);
}

/** The replies to a message, as a page. */
export async function readThread(
  core: ChatCore,
  caller: Caller,
  messageId: string,
  request: PageRequest = {},
): Promise<MessagePage & { readonly following: boolean }> {
  const { signal } = request;
  const { channelId } = await readPlace(core.tables, messageId, { signal });
  admit(await hideChannel(look(core.tables, caller, channelId, { signal }), messageId), 'channel.read');
  const [page, following] = await Promise.all([
    readBounds(core, 'thread_page', messageId, boundsOf(request), request),
    isFollowing(core, caller.userId, messageId),
  ]);
  return { ...page, following };
}

interface Bounds {
  readonly latest: boolean;
  readonly before?: number | undefined;
  readonly after?: number | undefined;
  readonly around?: number | undefined;
  readonly limit: number;
}

function boundsOf({ before, after, around, limit = limits.pageDefault }: PageRequest): Bounds {
  const given = [before, after, around].filter((bound) => bound !== undefined).length;
  if (given > 1) {
    throw new HubError('INVALID', 'before, after and around must be given one at a time', {
      field: 'before',
    });
  }
  return { latest: given === 0, before, after, around, limit };
}

async function readBounds(
  core: ChatCore,
  statement: 'message_page' | 'thread_page',
  id: string,
  { before, after, around, limit }: Bounds,
  { signal }: PageRequest,
): Promise<MessagePage> {
  const ask = (from: number, to: number, count: number, last: boolean): Promise<Slice> =>
    readSlice(core, statement, [id, to, from, count, last], signal);
  if (around !== undefined) {
    const half = Math.ceil(limit / 2);
    const [older, newer] = [
      await ask(-1, around + 1, half + 1, true),
      await ask(around, end, limit - half + 1, false),
    ];
    const [first, second] = [older.messages.slice(-half), newer.messages.slice(0, limit - half)];
    return {
      epoch: older.epoch,
      seq: older.seq,
      messages: [...first, ...second],
      hasBefore: older.messages.length > half,
      hasAfter: newer.messages.length > limit - half,
    };
  }
  if (after !== undefined) {
    const { messages, ...rest } = await ask(after, end, limit + 1, false);
    return {
      ...rest,
      messages: messages.slice(0, limit),
      hasBefore: after > 0,
      hasAfter: messages.length > limit,
    };
  }
  const { messages, ...rest } = await ask(-1, before ?? end, limit + 1, true);
  return {
    ...rest,
    messages: messages.slice(-limit),
    hasBefore: messages.length > limit,
    hasAfter: before !== undefined && before <= rest.seq,
  };
}

const end = Number.MAX_SAFE_INTEGER;

type Slice = Pick<MessagePage, 'epoch' | 'seq' | 'messages'>;

async function readSlice(
  core: ChatCore,
  statement: string,
  params: readonly (string | number | boolean)[],
  signal: AbortSignal | undefined,
): Promise<Slice> {
  const epoch = core.epoch();
  const { rows } = await core.tables.db.query(core.tables.statement(statement), params, { signal });
  await core.confirmEpoch(epoch);
  const [row] = rows;
  if (row === undefined) throw new HubError('NOT_FOUND', 'there is no such channel, or not for you');
  // The view is written for this type.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return { epoch, seq: readCount(row, 0), messages: JSON.parse(readText(row, 1)) as Message[] };
}

/**
 * The end of a channel, from the cache as long as the log has not moved on: the number says whether it is the same, so nothing outdated is
 * shown, however old the entry is.
 */
async function readRecent(core: ChatCore, channelId: string, head: number): Promise<MessagePage> {
  const key = `hub:recent:${channelId}`;
  const epoch = core.epoch();
  const kept = await core.cache.get<MessagePage>(key).catch(() => undefined);
  if (kept !== undefined && kept.seq === head && kept.epoch === epoch) return kept;
  const page = await readBounds(core, 'message_page', channelId, { latest: true, limit: recent }, {});
  void core.cache.set(key, page, { ttl: '5m' }).catch(() => undefined);
  return page;
}

function cut(page: MessagePage, limit: number): MessagePage {
  if (page.messages.length <= limit) return page;
  return { ...page, messages: page.messages.slice(-limit), hasBefore: true };
}
