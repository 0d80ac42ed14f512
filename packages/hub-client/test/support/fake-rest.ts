import { HubError, type Message, type Reading } from '@parley/hub-protocol';
import type { FakeHub } from './fake-hub.ts';
import type { Room } from './room.ts';
import { ada } from './values.ts';

/** What the fake hub answers to the requests that a client makes by itself, and to a few others. */
export function answer(hub: FakeHub, method: string, url: URL, body: unknown): unknown {
  const [, channelId = '', rest = ''] = /^\/api\/v1\/channels\/([^/]+)\/?(.*)$/.exec(url.pathname) ?? [];
  if (channelId !== '') {
    const room = hub.rooms.get(channelId);
    if (room?.members.has(ada) !== true) throw new HubError('NOT_FOUND', 'no such channel');
    return structuredClone(ofRoom(room, `${method} ${rest}`, url.searchParams, body));
  }
  const joined = [...hub.rooms.values()].filter((room) => room.members.has(ada));
  switch (`${method} ${url.pathname}`) {
    case 'GET /api/v1/channels':
      return {
        items: joined
          .map(({ channel }) => channel)
          .filter(
            ({ archivedAt }) => (archivedAt !== null) === (url.searchParams.get('archived') === 'true'),
          ),
        next: null,
      };
    case 'GET /api/v1/unreads':
      return { items: joined.map(readingOf), defaultLevel: hub.defaultLevel };
    case 'GET /api/v1/users':
      return { items: [...hub.users.values()], next: null };
    case 'GET /api/v1/me':
      return hub.users.get(ada);
    default:
      throw new HubError('NOT_FOUND', 'no such route');
  }
}

export function readingOf(room: Room): Reading {
  const { level } = room;
  const lastReadSeq = room.lastRead.get(ada) ?? 0;
  const unread = room.unread(ada);
  return { channelId: room.channel.id, lastReadSeq, unread, mentions: 0, seq: room.head, level };
}

function ofRoom(room: Room, route: string, query: URLSearchParams, body: unknown): unknown {
  const number = (name: string): number | undefined =>
    query.has(name) ? Number(query.get(name)) : undefined;
  const of = { seq: room.head, epoch: room.epoch };
  if (route === 'GET ')
    return { channel: room.channel, member: room.members.get(ada) ?? null, reading: readingOf(room) };
  if (route === 'GET messages') {
    const { before = Infinity, limit = 50 } = { before: number('before'), limit: number('limit') };
    return {
      ...of,
      ...last(
        room.timeline().filter(({ seq }) => seq < before),
        limit,
      ),
      newer: false,
    };
  }
  if (route === 'GET members') return { items: [...room.members.values()], next: null };
  if (route === 'GET pins')
    return { items: [...room.messages.values()].filter(({ pinnedAt }) => pinnedAt !== null), next: null };
  const [, threadId] = /^GET threads\/(.+)$/.exec(route) ?? [];
  if (threadId !== undefined) {
    const items = [...room.messages.values()].filter((message) => message.threadId === threadId);
    return { ...of, root: room.messages.get(threadId), items, newer: false, following: false };
  }
  const [, finished] = /^POST messages\/(.+)\/finish$/.exec(route) ?? [];
  if (finished !== undefined) {
    const content = String(Reflect.get(Object(body), 'content'));
    return {
      seq: room.edit(finished, content, { streaming: 'done', editedAt: null }),
      message: room.messages.get(finished),
    };
  }
  throw new HubError('NOT_FOUND', 'no such route');
}

function last(messages: readonly Message[], limit: number): { items: readonly Message[]; older: boolean } {
  return { items: messages.slice(-limit), older: messages.length > limit };
}
