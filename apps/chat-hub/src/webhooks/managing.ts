import { HubError, limits } from '@parley/hub-protocol';
import type { ApplicationTables, Session } from '@parley/runtime';
import type { Kysely } from 'kysely';
import type { Call } from '../access/base.ts';
import type { Caller } from '../access/caller.ts';
import { admit, look, type Seen } from '../chat/look.ts';
import type { Tables } from '../database/tables.ts';

export interface Managing {
  readonly seen: Seen;
  readonly session: Session;
  readonly kysely: Kysely<Tables>;
}

/** Does something about the webhooks of a channel, for who manages it. With `lock`, nobody else changes the channel meanwhile. */
export function manageWebhooks<T>(
  tables: ApplicationTables,
  caller: Caller,
  channelId: string,
  work: (managing: Managing) => Promise<T>,
  { signal, lock = true }: Call & { readonly lock?: boolean } = {},
): Promise<T> {
  return tables.db.transaction(
    async (session) => {
      const seen = await look(tables, caller, channelId, { on: session, lock, signal });
      admit(seen, 'channel.webhooks');
      return work({ seen, session, kysely: tables.kysely<Tables>(session) });
    },
    { signal },
  );
}

/** Whoever makes one must not be able to do less than it, nor end before it. */
export function requireLasting({ scopes, expiresAt }: Caller): void {
  if (!scopes.includes('write'))
    throw new HubError('SCOPE_MISSING', 'webhooks are made with a token that has the scope write');
  if (expiresAt !== undefined)
    throw new HubError('FORBIDDEN', 'a token that ends by itself makes no webhook');
}

export function requireRoom(count: number): void {
  if (count >= limits.webhooks)
    throw new HubError('LIMIT_REACHED', `a channel has at most ${limits.webhooks} of them`);
}

export function noWebhook(): HubError {
  return new HubError('NOT_FOUND', 'no webhook of this channel has this id', { field: 'webhookId' });
}
