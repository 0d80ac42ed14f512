import type { Access } from '../access/access.ts';
import type { Handlers } from './handler.ts';
import { accountHandlers } from './routes/account.ts';
import { auditHandlers, type AuditParts } from './routes/audit.ts';
import { backupHandlers, type BackupParts } from './routes/backup.ts';
import { channelHandlers } from './routes/channels.ts';
import { commandHandlers, type CommandParts } from './routes/commands.ts';
import { eventHandlers, type EventParts } from './routes/events.ts';
import { fileHandlers } from './routes/files.ts';
import { messageHandlers } from './routes/messages.ts';
import { moderationHandlers } from './routes/moderation.ts';
import { oversightHandlers, type OversightParts } from './routes/oversight.ts';
import { presenceHandlers, type PresenceParts } from './routes/presence.ts';
import { readingHandlers } from './routes/readings.ts';
import { searchHandlers } from './routes/search.ts';
import { userHandlers } from './routes/users.ts';
import { webhookHandlers, type WebhookParts } from './routes/webhooks.ts';

export interface HandlerParts
  extends AuditParts, BackupParts, CommandParts, EventParts, OversightParts, PresenceParts, WebhookParts {
  readonly access: Access;
}

/** What every route of the protocol does. */
export function createHandlers(parts: HandlerParts): Handlers {
  return {
    ...accountHandlers(parts),
    ...userHandlers(parts),
    ...channelHandlers(parts),
    ...messageHandlers(parts),
    ...fileHandlers(parts),
    ...readingHandlers(parts),
    ...searchHandlers(parts),
    ...presenceHandlers(parts),
    ...eventHandlers(parts),
    ...moderationHandlers(parts),
    ...auditHandlers(parts),
    ...oversightHandlers(parts),
    ...backupHandlers(parts),
    ...webhookHandlers(parts),
    ...commandHandlers(parts),
  };
}
