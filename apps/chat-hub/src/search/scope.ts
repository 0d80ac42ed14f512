import { isHubError } from '@parley/hub-protocol';
import { unclear, type Search } from '@parley/hub-protocol/search';
import type { Caller } from '../access/caller.ts';
import type { Call } from '../chat/chat.ts';
import type { ChatCore } from '../chat/core.ts';
import { admit, look } from '../chat/look.ts';
import type { Tables } from '../database/tables.ts';

const isId = (name: string): boolean => /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(name);

/** Who is meant by `from:`. */
export async function senderOf(core: ChatCore, caller: Caller, from: string): Promise<string> {
  const id = await userCalled(core, caller, from);
  if (id === undefined) throw unclear(`from:${from}`, 'name somebody who is here');
  return id;
}

/**
 * Which channel is meant by `in:`.
 *
 * @throws {HubError} `INVALID`, also where there is one that the caller may not see
 */
export async function channelOf(
  core: ChatCore,
  caller: Caller,
  name: NonNullable<Search['in']>,
  call: Call,
): Promise<string> {
  const id = name.startsWith('@')
    ? await talkWith(core, caller, name.slice(1))
    : isId(name)
      ? name
      : await channelCalled(core, name);
  if (id !== undefined && (await isReader(core, caller, id, call))) return id;
  throw unclear(`in:${name}`, 'name a channel that you may read');
}

async function isReader(core: ChatCore, caller: Caller, channelId: string, call: Call): Promise<boolean> {
  try {
    admit(await look(core.tables, caller, channelId, call), 'channel.read');
    return true;
  } catch (error) {
    if (isHubError(error, 'NOT_FOUND')) return false;
    throw error;
  }
}

async function userCalled({ tables }: ChatCore, caller: Caller, name: string): Promise<string | undefined> {
  if (name === 'me') return caller.userId;
  const row = await tables
    .kysely<Tables>()
    .selectFrom('users')
    .select('id')
    .where(isId(name) ? 'id' : 'handle', '=', name)
    .executeTakeFirst();
  return row?.id;
}

async function channelCalled({ tables }: ChatCore, name: string): Promise<string | undefined> {
  const row = await tables
    .kysely<Tables>()
    .selectFrom('channels')
    .select('id')
    .where('name', '=', name)
    .where('deleted_at', 'is', null)
    .executeTakeFirst();
  return row?.id;
}

async function talkWith(core: ChatCore, caller: Caller, handle: string): Promise<string | undefined> {
  const other = await userCalled(core, caller, handle);
  if (other === undefined) return undefined;
  const row = await core.tables
    .kysely<Tables>()
    .selectFrom('channels')
    .select('id')
    .where('parties', '=', [...new Set([caller.userId, other])].toSorted().join(' '))
    .executeTakeFirst();
  return row?.id;
}
