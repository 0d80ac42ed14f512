import type { Clock } from '@parley/cache-core/kernel';
import type { ClientFrame, ClientFrameOf } from '@parley/hub-protocol';
import type { Hub } from '../hub.ts';

export type Activity = ClientFrameOf<'presence'>['activity'];

/** What an agent tells of itself. What is left out stays as it is. */
export type AgentCard = Omit<ClientFrameOf<'agent'>, 'type' | 'ref'>;

export interface Oneself extends Pick<Hub, 'typing' | 'setActivity' | 'agent'> {
  /** A connection is there, and knows nothing yet. */
  readonly begin: () => void;
}

/** The hub forgets who types after ten seconds. */
const typingMs = 3_000;

/** What is told of oneself for as long as a connection lasts, and again with the next one. */
export function createOneself(clock: Clock, send: (frame: ClientFrame) => void): Oneself {
  /** When it was said last, by channel and thread. */
  const typed = new Map<string, number>();
  let activity: Activity | undefined;
  let card: AgentCard | undefined;

  const tellActivity = (): void => {
    if (activity !== undefined) send({ type: 'presence', activity });
  };

  return {
    begin() {
      typed.clear();
      tellActivity();
      if (card !== undefined) send({ type: 'agent', ...card });
    },
    setActivity(now) {
      if (now === activity) return;
      activity = now;
      tellActivity();
    },
    agent(more) {
      card = { ...card, ...more };
      send({ type: 'agent', ...more });
    },
    typing(channelId, state, threadId) {
      const key = `${channelId} ${threadId}`;
      const now = clock.monotonic();
      const said = typed.get(key);
      if (state === 'stop' ? said === undefined : said !== undefined && now - said < typingMs) return;
      if (state === 'stop') typed.delete(key);
      else typed.set(key, now);
      send({ type: 'typing', channelId, state, ...(threadId !== undefined && { threadId }) });
    },
  };
}
