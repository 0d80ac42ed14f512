import { isHubError, type Role } from '@parley/hub-protocol';
import type { Session } from '@parley/runtime';
import type { Tables } from '../database/tables.ts';
import { commitChange } from './change.ts';
import type { Call } from './chat.ts';
import type { ChatCore } from './core.ts';
import { look, type Seen } from './look.ts';
import { greet } from './members.ts';
import { addMembers } from './membership.ts';
import { createChannel } from './new-channel.ts';

/** Where everybody begins. */
const first = 'general';

/** Brings somebody who has just come in into the first channel, if it is still there; the first owner makes it. */
export async function settleIn(core: ChatCore, userId: string, role: Role, call: Call = {}): Promise<void> {
  if (role === 'owner') await makeFirst(core, userId, call);
  const channelId = await findFirst(core);
  if (channelId === undefined) return;
  const open = (session: Session): Promise<Seen> =>
    look(core.tables, { userId, role }, channelId, { on: session, lock: true });
  const newcomer = { userId, role: role === 'observer' ? role : ('member' as const) };
  const { value: added } = await commitChange(
    core,
    null,
    open,
    (change) => addMembers(core, change, [newcomer]),
    call,
  );
  if (added.length > 0) await greet(core, channelId, null, userId);
}

/** Only in a workspace without any: who has renamed or deleted it does not get it back. */
async function makeFirst(core: ChatCore, userId: string, call: Call): Promise<void> {
  const any = await core.tables
    .kysely<Tables>()
    .selectFrom('channels')
    .select('id')
    .limit(1)
    .executeTakeFirst();
  if (any !== undefined) return;
  const channel = { kind: 'public', name: first, topic: 'Everybody is here' } as const;
  await createChannel(core, { userId }, channel, call).catch((error: unknown) => {
    if (!isHubError(error, 'NAME_TAKEN')) throw error;
  });
}

async function findFirst({ tables }: ChatCore): Promise<string | undefined> {
  const channel = await tables
    .kysely<Tables>()
    .selectFrom('channels')
    .select('id')
    .where('name', '=', first)
    .where('kind', '=', 'public')
    .where('deleted_at', 'is', null)
    .where('archived_at', 'is', null)
    .executeTakeFirst();
  return channel?.id;
}
