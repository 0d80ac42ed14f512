import { randomBytes } from 'node:crypto';
import { HubError, type IncomingWebhook, type Message } from '@parley/hub-protocol';
import { restPrefix, type RouteBody } from '@parley/hub-protocol/rest';
import { readText, type ApplicationTables } from '@parley/runtime';
import type { Selectable } from 'kysely';
import type { Call } from '../access/base.ts';
import type { Caller } from '../access/caller.ts';
import { hashOf } from '../access/secrets.ts';
import { noteAudit } from '../audit/note.ts';
import type { Messages } from '../chat/chat.ts';
import { admit, look } from '../chat/look.ts';
import { newId } from '../database/ids.ts';
import type { IncomingWebhookTable } from '../database/tables.ts';
import { refusalOf, type HubLimits } from '../limits/hub-limits.ts';
import { actingCaller, asProgram, requireTheirs } from './acting.ts';
import { contentOf } from './foreign-text.ts';
import { manageWebhooks, noWebhook, requireLasting, requireRoom, type Managing } from './managing.ts';

export interface IncomingOptions {
  readonly tables: ApplicationTables;
  readonly messages: Pick<Messages, 'send'>;
  readonly limits: Pick<HubLimits, 'act'>;
}

/** Addresses by which other programs write to a channel. The secret in the address is told once, and kept as a hash. */
export class IncomingWebhooks {
  readonly #options: IncomingOptions;

  constructor(options: IncomingOptions) {
    this.#options = options;
  }

  list(caller: Caller, channelId: string, call?: Call): Promise<IncomingWebhook[]> {
    return this.#manage(caller, channelId, (managing) => all(managing), { ...call, lock: false });
  }

  create(
    caller: Caller,
    channelId: string,
    { name, userId = caller.userId }: RouteBody<'createIncomingWebhook'>,
    call?: Call,
  ): Promise<{ webhook: IncomingWebhook; path: string }> {
    requireLasting(caller);
    const work = async (managing: Managing) => {
      const { kysely } = managing;
      await requireTheirs(kysely, caller, userId, 'a webhook writes');
      requireRoom((await all(managing)).length);
      const secret = randomBytes(32).toString('base64url');
      const row = await kysely
        .insertInto('incoming_webhooks')
        .values({
          id: newId(),
          channel_id: channelId,
          user_id: userId,
          name,
          hash: hashOf(secret),
          created_by: caller.userId,
        })
        .returningAll()
        .executeTakeFirstOrThrow();
      const note = { subjectId: row.id, channelId, details: { name, userId } };
      await noteAudit(kysely, { action: 'webhook.create', actor: caller, ...note });
      return { webhook: webhookOf(row), path: `${restPrefix}/hooks/${secret}` };
    };
    return this.#manage(caller, channelId, work, call);
  }

  delete(caller: Caller, channelId: string, webhookId: string, call?: Call): Promise<void> {
    const work = async ({ kysely }: Managing): Promise<void> => {
      const { numDeletedRows } = await kysely
        .deleteFrom('incoming_webhooks')
        .where('id', '=', webhookId)
        .where('channel_id', '=', channelId)
        .executeTakeFirst();
      if (numDeletedRows === 0n) throw noWebhook();
      await noteAudit(kysely, { action: 'webhook.delete', actor: caller, subjectId: webhookId, channelId });
    };
    return this.#manage(caller, channelId, work, call);
  }

  /** Writes in the name of a member, who may do there what they may: who was muted, removed or timed out writes by no webhook either. */
  async post(secret: string, body: RouteBody<'postByWebhook'>, call?: Call): Promise<Message> {
    const { tables, limits, messages } = this.#options;
    const { rows } = await tables.db.query(tables.statement('caller_of_webhook'), [hashOf(secret)], call);
    const [row] = rows;
    if (row === undefined)
      throw new HubError('NOT_FOUND', 'no webhook has this address', { field: 'secret' });
    const webhook = { id: readText(row, 5), name: readText(row, 7) };
    const caller = actingCaller(row, webhook.id);
    const verdict = await limits.act('message', caller, body.clientId);
    if (verdict?.ok === false) throw refusalOf(verdict);
    const [program, channelId] = [asProgram(caller), readText(row, 6)];
    // Before anything is done with what it says.
    admit(await look(tables, program, channelId, call), 'message.send');
    const draft = { content: contentOf(body), clientId: body.clientId, data: { webhook } };
    return messages.send(program, channelId, draft, call);
  }

  #manage<T>(
    caller: Caller,
    channelId: string,
    work: (managing: Managing) => Promise<T>,
    call?: Call & { readonly lock?: boolean },
  ): Promise<T> {
    return manageWebhooks(this.#options.tables, caller, channelId, work, call);
  }
}

async function all({ kysely, seen }: Managing): Promise<IncomingWebhook[]> {
  const rows = await kysely
    .selectFrom('incoming_webhooks')
    .selectAll()
    .where('channel_id', '=', seen.channelId)
    .orderBy('id')
    .execute();
  return rows.map(webhookOf);
}

function webhookOf(row: Selectable<IncomingWebhookTable>): IncomingWebhook {
  return {
    id: row.id,
    channelId: row.channel_id,
    name: row.name,
    userId: row.user_id,
    createdBy: row.created_by,
    createdAt: Number(row.created_at),
  };
}
