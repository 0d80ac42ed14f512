import { silentLogger } from '@parley/cache-core/kernel';
import type { Message } from '@parley/hub-protocol';
import type { ParleyWithDatabase } from '@parley/runtime';
import type { Caller } from '../../src/access/caller.ts';
import type { Chat } from '../../src/chat/chat.ts';
import { createChat } from '../../src/chat/create-chat.ts';
import { newId } from '../../src/database/ids.ts';
import type { Feed } from '../../src/live/feed.ts';

/** The chat of a node, and what tests of sockets do to channels, by the ids of users. */
export interface TestChat extends Chat {
  /** By the first of the members. */
  readonly create: (kind: 'public' | 'private', members: readonly string[]) => Promise<string>;
  /** Answers the number that it took in the log. */
  readonly join: (channelId: string, userId: string) => Promise<number>;
  readonly kick: (channelId: string, userId: string) => Promise<number>;
  /** `quiet`: as if this node had died before it told anybody. */
  readonly say: (channelId: string, userId: string, content: string, quiet?: 'quiet') => Promise<Message>;
  readonly head: (channelId: string) => Promise<number>;
  /** How often logs were read. */
  readonly reads: () => number;
}

export interface TestChatOptions {
  readonly parley: ParleyWithDatabase;
  readonly feed: Feed;
  readonly epoch: () => string;
  readonly callerOf: (userId: string) => Caller;
  /** Who made which channel: of all nodes. */
  readonly makers: Map<string, string>;
}

const silent: Feed = { committed() {}, moment() {}, accessChanged() {} };

export function createTestChat({ parley, feed, epoch, callerOf, makers }: TestChatOptions): TestChat {
  const tables = parley.tables('hub', new URL('../../sql/', import.meta.url));
  const rest = { tables, cache: parley.cache, epoch, logger: silentLogger };
  const chat = createChat({ ...rest, feed });
  const mute = createChat({ ...rest, feed: silent });
  const { logs } = chat;
  let reads = 0;
  const head = async (channelId: string): Promise<number> =>
    (await logs.heads([channelId])).get(channelId) ?? 0;
  const makerOf = (channelId: string): Caller => callerOf(makers.get(channelId) ?? '');
  return {
    ...chat,
    logs: {
      ...logs,
      read(...args) {
        reads += 1;
        return logs.read(...args);
      },
    },
    async create(kind, members) {
      const [maker = '', ...others] = members;
      const name = `c${newId()}`;
      const { id } = await chat.channels.create(callerOf(maker), { kind, name, members: others });
      makers.set(id, maker);
      return id;
    },
    async join(channelId, userId) {
      await chat.channels.putMember(makerOf(channelId), channelId, userId, 'member');
      return head(channelId);
    },
    async kick(channelId, userId) {
      await chat.channels.kick(makerOf(channelId), channelId, userId);
      return head(channelId);
    },
    say: (channelId, userId, content, quiet) =>
      (quiet === undefined ? chat : mute).messages.send(callerOf(userId), channelId, { content }),
    head,
    reads: () => reads,
  };
}
