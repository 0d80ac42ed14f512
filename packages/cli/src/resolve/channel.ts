import type { CallRoute } from '@parley/hub-client';
import { isHubError, type Channel } from '@parley/hub-protocol';
import { notFound } from '../cli-error.ts';
import { didYouMean, nearest } from '../near-miss.ts';
import { everything } from './everything.ts';
import { isId } from './is-id.ts';
import { userCalled } from './user.ts';

/** What a channel is called by on the command line, for help. */
export const channelWords =
  'The name of a channel, with or without #, its id, or @HANDLE for a conversation with somebody';

/** The channel that is meant by `general`, `#general`, an id, or `@handle`. */
export async function channelCalled(call: CallRoute, word: string): Promise<Channel> {
  if (word.startsWith('@')) {
    const { id } = await userCalled(call, word);
    return call('openDirect', { body: { userIds: [id] } });
  }
  const name = word.replace(/^#/, '');
  if (isId(name)) return byId(call, name);
  const open = await channelsLike(call, name, false);
  const found = open.find((channel) => channel.name === name);
  if (found !== undefined) return found;
  const archived = (await channelsLike(call, name, true)).find((channel) => channel.name === name);
  if (archived !== undefined) return archived;
  const known = await channelsLike(call, undefined, false);
  throw notFound(
    `there is no channel ${name}, or it is not for you`,
    didYouMean(
      nearest(
        name,
        known.flatMap((channel) => channel.name ?? []),
      ),
    ) ?? 'parley channel list shows those that you can see',
  );
}

async function byId(call: CallRoute, channelId: string): Promise<Channel> {
  try {
    return (await call('readChannel', { params: { channelId } })).channel;
  } catch (error) {
    if (isHubError(error, 'NOT_FOUND'))
      throw notFound(`there is no channel ${channelId}, or it is not for you`);
    throw error;
  }
}

function channelsLike(call: CallRoute, query: string | undefined, archived: boolean): Promise<Channel[]> {
  return everything((cursor) =>
    call('listChannels', {
      query: {
        limit: 200,
        archived,
        ...(query !== undefined && query !== '' && { query: query.slice(0, 100) }),
        ...cursor,
      },
    }),
  );
}

/** `#general`; of a conversation without a name, what it is. */
export function shownChannel({ name, kind, id }: Pick<Channel, 'name' | 'kind' | 'id'>): string {
  return name === null ? `${kind} ${id}` : `#${name}`;
}
