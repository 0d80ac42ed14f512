import type { RetentionRule } from '@parley/hub-protocol';
import type { Caller } from '../access/caller.ts';
import { noteAudit } from '../audit/note.ts';
import { changeChannel } from '../chat/change.ts';
import type { Call } from '../chat/chat.ts';
import type { ChatCore } from '../chat/core.ts';
import { admit, look } from '../chat/look.ts';
import type { Tables } from '../database/tables.ts';

export interface RetentionRules {
  readonly read: (caller: Caller, channelId: string, call?: Call) => Promise<RetentionRule>;
  /** @param days null: as everywhere; 0: for ever */
  readonly set: (
    caller: Caller,
    channelId: string,
    days: number | null,
    call?: Call,
  ) => Promise<RetentionRule>;
}

/** @param otherwise days where nothing is said of a channel; 0: for ever */
export function retentionRules(core: ChatCore, otherwise: number): RetentionRules {
  const ruleOf = (days: number | null): RetentionRule => ({ days, inForce: days ?? otherwise });
  return {
    async read(caller, channelId, call) {
      admit(await look(core.tables, caller, channelId, call), 'channel.archive');
      const { retention_days } = await core.tables
        .kysely<Tables>()
        .selectFrom('channels')
        .select('retention_days')
        .where('id', '=', channelId)
        .executeTakeFirstOrThrow();
      return ruleOf(retention_days);
    },
    async set(caller, channelId, days, call) {
      await changeChannel(
        core,
        caller,
        channelId,
        async ({ seen, db }) => {
          admit(seen, 'channel.archive');
          await db
            .updateTable('channels')
            .set({ retention_days: days })
            .where('id', '=', channelId)
            .execute();
          await noteAudit(db, { action: 'retention.set', actor: caller, channelId, details: { days } });
        },
        call,
      );
      return ruleOf(days);
    },
  };
}
