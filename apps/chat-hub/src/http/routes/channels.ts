import type { Channel } from '@parley/hub-protocol';
import type { Chat } from '../../chat/chat.ts';
import type { Handlers } from '../handler.ts';
import { cutPage } from '../paging.ts';

type Names =
  | 'listChannels'
  | 'createChannel'
  | 'openDirect'
  | 'readChannel'
  | 'updateChannel'
  | 'archiveChannel'
  | 'unarchiveChannel'
  | 'deleteChannel'
  | 'joinChannel'
  | 'leaveChannel'
  | 'listMembers'
  | 'putMember'
  | 'deleteMember';

export function channelHandlers({ chat }: { readonly chat: Chat }): Pick<Handlers, Names> {
  const { channels, readings, logs } = chat;
  return {
    async listChannels({
      caller,
      query: { kind, joined = false, archived = false, query, ...page },
      signal,
    }) {
      const all = await channels.list(caller, { query, signal });
      const own = joined ? await logs.joined(caller.userId, { signal }) : undefined;
      const isWanted = (channel: Channel): boolean =>
        (kind === undefined || channel.kind === kind) &&
        (own === undefined || own.has(channel.id)) &&
        (channel.archivedAt !== null) === archived;
      return cutPage(all.filter(isWanted), page, ({ id }) => id);
    },
    createChannel: ({ caller, body, signal }) => channels.create(caller, body, { signal }),
    openDirect: ({ caller, body, signal }) => channels.openDirect(caller, body.userIds, { signal }),
    async readChannel({ caller, params: { channelId }, signal }) {
      const channel = await channels.read(caller, channelId, { signal });
      const [members, read] = await Promise.all([
        channels.members(caller, channelId, { signal }),
        readings.list(caller, { signal }),
      ]);
      return {
        channel,
        member: members.find(({ userId }) => userId === caller.userId) ?? null,
        reading: read.items.find((reading) => reading.channelId === channelId) ?? null,
      };
    },
    updateChannel: ({ caller, params, body, signal }) =>
      channels.update(caller, params.channelId, body, { signal }),
    archiveChannel: ({ caller, params, signal }) =>
      channels.archive(caller, params.channelId, true, { signal }),
    unarchiveChannel: ({ caller, params, signal }) =>
      channels.archive(caller, params.channelId, false, { signal }),
    deleteChannel: ({ caller, params, signal }) => channels.delete(caller, params.channelId, { signal }),
    joinChannel: ({ caller, params, signal }) => channels.join(caller, params.channelId, { signal }),
    leaveChannel: ({ caller, params, signal }) => channels.leave(caller, params.channelId, { signal }),
    async listMembers({ caller, params, query, signal }) {
      const members = await channels.members(caller, params.channelId, { signal });
      return cutPage(members, query, ({ userId }) => userId);
    },
    putMember: ({ caller, params: { channelId, userId }, body, signal }) =>
      channels.putMember(caller, channelId, userId, body.role, { signal }),
    deleteMember: ({ caller, params: { channelId, userId }, signal }) =>
      channels.kick(caller, channelId, userId, { signal }),
  };
}
