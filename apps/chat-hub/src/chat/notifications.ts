import { agentAddress, type NotificationLevel } from '@parley/hub-protocol';
import type { Caller } from '../access/caller.ts';
import type { Notifications } from './chat.ts';
import type { ChatCore } from './core.ts';
import { admit, look } from './look.ts';

/** Of what everybody wants to be told. */
export function createNotifications(core: ChatCore): Notifications {
  const { tables } = core;
  return {
    async set(caller, channelId, level, { signal } = {}) {
      admit(await look(tables, caller, channelId, { signal }), 'notifications.set');
      const params = [channelId, caller.userId, level];
      const { rows } = await tables.db.query(tables.statement('notify_set'), params, { signal });
      if (rows.length > 0) tell(core, caller, channelId, level);
    },
    async setDefault(caller, level, { signal } = {}) {
      const params = [caller.userId, level];
      const { rows } = await tables.db.query(tables.statement('notify_set_default'), params, { signal });
      if (rows.length > 0) tell(core, caller, null, level);
    },
  };
}

/** All connections of the same user. */
function tell(
  { feed }: ChatCore,
  { userId }: Caller,
  channelId: string | null,
  level: NotificationLevel | null,
): void {
  feed.moment({
    event: { type: 'notifications.update', channelId, level },
    actorId: userId,
    channelId,
    to: agentAddress(userId),
  });
}
