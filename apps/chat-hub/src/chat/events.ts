import { globalAddress, HubError, outranks } from '@parley/hub-protocol';
import { noteAudit } from '../audit/note.ts';
import { newId } from '../database/ids.ts';
import type { Tables } from '../database/tables.ts';
import type { Events } from './chat.ts';
import { changeChannel } from './change.ts';
import type { ChatCore } from './core.ts';
import { admit } from './look.ts';
import { must } from './views.ts';

/** What is told beside messages: to a channel for its log, to everybody for now. */
export function createEvents(core: ChatCore): Events {
  return {
    async collaborate(caller, channelId, { sessionId, name, data }, call) {
      const { seq } = await changeChannel(
        core,
        caller,
        channelId,
        async ({ seen, tell }) => {
          admit(seen, 'event.post');
          tell({ type: 'collaboration.event', channelId, sessionId, name, data: { ...data } });
        },
        call,
      );
      return must(seq, 'an event');
    },

    async custom({ role, userId }, { topic, name, data }) {
      if (role === 'observer') throw new HubError('FORBIDDEN', 'an observer only reads');
      core.feed.moment({
        event: { type: 'custom', topic, name, data: { ...data } },
        actorId: userId,
        channelId: null,
        to: globalAddress,
      });
    },

    async announce(caller, { level, content }) {
      const { role, userId } = caller;
      if (!outranks(role, 'member')) throw new HubError('FORBIDDEN', 'announcements are for admins to make');
      const id = newId(core.clock.now());
      const note = { action: 'announcement.make', actor: caller, subjectId: id, details: { level } } as const;
      await noteAudit(core.tables.kysely<Tables>(), note);
      core.feed.moment({
        event: { type: 'system.announcement', id, level, content },
        actorId: userId,
        channelId: null,
        to: globalAddress,
      });
      return id;
    },
  };
}
