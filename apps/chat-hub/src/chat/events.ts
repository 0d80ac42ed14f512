import type { Events } from './chat.ts';
import { changeChannel } from './change.ts';
import type { ChatCore } from './core.ts';
import { admit } from './look.ts';
import { must } from './views.ts';

/** What agents at work together tell in a channel, beside messages. */
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
  };
}
