import type { Access } from '../access/access.ts';
import type { Handlers } from './handler.ts';
import { accountHandlers } from './routes/account.ts';
import { channelHandlers } from './routes/channels.ts';
import { eventHandlers, type EventParts } from './routes/events.ts';
import { messageHandlers } from './routes/messages.ts';
import { presenceHandlers, type PresenceParts } from './routes/presence.ts';
import { readingHandlers } from './routes/readings.ts';
import { userHandlers } from './routes/users.ts';

export interface HandlerParts extends EventParts, PresenceParts {
  readonly access: Access;
}

/** What every route of the protocol does. */
export function createHandlers(parts: HandlerParts): Handlers {
  return {
    ...accountHandlers(parts),
    ...userHandlers(parts),
    ...channelHandlers(parts),
    ...messageHandlers(parts),
    ...readingHandlers(parts),
    ...presenceHandlers(parts),
    ...eventHandlers(parts),
  };
}
