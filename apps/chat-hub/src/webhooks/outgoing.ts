import { HubError, type Delivery, type Webhook } from '@parley/hub-protocol';
import type { RouteBody } from '@parley/hub-protocol/rest';
import type { ApplicationTables } from '@parley/runtime';
import type { Selectable } from 'kysely';
import type { Call } from '../access/base.ts';
import type { Caller } from '../access/caller.ts';
import { noteAudit } from '../audit/note.ts';
import { newId } from '../database/ids.ts';
import type { DeliveryTable, WebhookTable } from '../database/tables.ts';
import { manageWebhooks, noWebhook, requireLasting, requireRoom, type Managing } from './managing.ts';
import { newSigningSecret } from './signature.ts';

export interface DeliveryQuery {
  /** The id of the last one of the page before. */
  readonly before: string | undefined;
  readonly limit: number;
}

/** Addresses that are told what happens in a channel, and what became of each telling. */
export class OutgoingWebhooks {
  readonly #tables: ApplicationTables;

  constructor(tables: ApplicationTables) {
    this.#tables = tables;
  }

  list(caller: Caller, channelId: string, call?: Call): Promise<Webhook[]> {
    return manageWebhooks(this.#tables, caller, channelId, (managing) => all(managing), {
      ...call,
      lock: false,
    });
  }

  /** It is told what comes from now on. */
  create(
    caller: Caller,
    channelId: string,
    { name, url, events }: RouteBody<'createWebhook'>,
    call?: Call,
  ): Promise<{ webhook: Webhook; secret: string }> {
    requireLasting(caller);
    const work = async (managing: Managing) => {
      const { kysely, seen } = managing;
      requireRoom((await all(managing)).length);
      const secret = newSigningSecret();
      const row = await kysely
        .insertInto('webhooks')
        .values({
          id: newId(),
          channel_id: channelId,
          name,
          url,
          secret,
          events: [...new Set(events)],
          created_by: caller.userId,
          seq: seen.head,
        })
        .returningAll()
        .executeTakeFirstOrThrow();
      // What stands behind the origin is often a secret.
      const details = { name, origin: new URL(url).origin, events };
      const note = { subjectId: row.id, channelId, details };
      await noteAudit(kysely, { action: 'webhook.create', actor: caller, ...note });
      return { webhook: webhookOf(row), secret };
    };
    return manageWebhooks(this.#tables, caller, channelId, work, call);
  }

  /** It is told nothing more at once; what it was told is removed little by little. */
  delete(caller: Caller, channelId: string, webhookId: string, call?: Call): Promise<void> {
    const work = async ({ kysely, session }: Managing): Promise<void> => {
      const deleted = this.#tables.statement('webhook_deleted');
      const { rows } = await session.query(deleted, [webhookId, channelId]);
      if (rows.length === 0) throw noWebhook();
      await noteAudit(kysely, { action: 'webhook.delete', actor: caller, subjectId: webhookId, channelId });
    };
    // Nothing here is worth that others wait to write.
    return manageWebhooks(this.#tables, caller, channelId, work, { ...call, lock: false });
  }

  deliveries(
    caller: Caller,
    channelId: string,
    webhookId: string,
    { before, limit }: DeliveryQuery,
    call?: Call,
  ): Promise<Delivery[]> {
    const work = async (managing: Managing): Promise<Delivery[]> => {
      await requireWebhook(managing, webhookId);
      let query = managing.kysely
        .selectFrom('deliveries')
        .selectAll()
        .where('webhook_id', '=', webhookId)
        .orderBy('id', 'desc')
        .limit(limit);
      if (before !== undefined) query = query.where('id', '<', before);
      return (await query.execute()).map(deliveryOf);
    };
    return manageWebhooks(this.#tables, caller, channelId, work, { ...call, lock: false });
  }

  /** Once more, whatever became of it; one that waits begins anew. */
  redeliver(
    caller: Caller,
    { channelId, webhookId, deliveryId }: Readonly<Record<'channelId' | 'webhookId' | 'deliveryId', string>>,
    call?: Call,
  ): Promise<Delivery> {
    const work = async (managing: Managing): Promise<Delivery> => {
      await requireWebhook(managing, webhookId);
      const { kysely, session } = managing;
      const { rows } = await session.query(this.#tables.statement('delivery_again'), [deliveryId, webhookId]);
      if (rows.length === 0)
        throw new HubError('NOT_FOUND', 'nothing with this id was told', { field: 'deliveryId' });
      const row = await kysely
        .selectFrom('deliveries')
        .selectAll()
        .where('id', '=', deliveryId)
        .executeTakeFirstOrThrow();
      return deliveryOf(row);
    };
    return manageWebhooks(this.#tables, caller, channelId, work, { ...call, lock: false });
  }
}

async function requireWebhook(managing: Managing, webhookId: string): Promise<void> {
  if (!(await all(managing)).some(({ id }) => id === webhookId)) throw noWebhook();
}

async function all({ kysely, seen }: Managing): Promise<Webhook[]> {
  const rows = await kysely
    .selectFrom('webhooks')
    .selectAll()
    .where('channel_id', '=', seen.channelId)
    .where('deleted_at', 'is', null)
    .orderBy('id')
    .execute();
  return rows.map(webhookOf);
}

function webhookOf(row: Selectable<WebhookTable>): Webhook {
  return {
    id: row.id,
    channelId: row.channel_id,
    name: row.name,
    url: row.url,
    events: row.events,
    createdBy: row.created_by,
    createdAt: Number(row.created_at),
    seq: Number(row.seq),
  };
}

function deliveryOf(row: Selectable<DeliveryTable>): Delivery {
  return {
    id: row.id,
    webhookId: row.webhook_id,
    seq: Number(row.seq),
    type: row.type,
    state: row.state,
    attempts: row.attempts,
    status: row.status,
    error: row.error,
    createdAt: Number(row.created_at),
    triedAt: row.tried_at === null ? null : Number(row.tried_at),
  };
}
