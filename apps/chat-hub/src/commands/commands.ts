import { HubError, limits, type Command } from '@parley/hub-protocol';
import type { RouteBody } from '@parley/hub-protocol/rest';
import type { ApplicationTables } from '@parley/runtime';
import type { Selectable } from 'kysely';
import type { Call } from '../access/base.ts';
import type { Caller } from '../access/caller.ts';
import { noteAudit } from '../audit/note.ts';
import { admit, look } from '../chat/look.ts';
import { newId } from '../database/ids.ts';
import type { CommandTable, Tables } from '../database/tables.ts';
import { requireTheirs } from '../webhooks/acting.ts';
import { requireLasting, type Managing } from '../webhooks/managing.ts';
import { newSigningSecret } from '../webhooks/signature.ts';

type NewCommand = RouteBody<'createCommand'>;
interface Made {
  readonly command: Command;
  readonly secret?: string;
}

/** What may be typed in a channel: posted to an address, for who manages the channel to make, or answered by the agent that made it. */
export class Commands {
  readonly #tables: ApplicationTables;

  constructor(tables: ApplicationTables) {
    this.#tables = tables;
  }

  list(caller: Caller, channelId: string, call?: Call): Promise<Command[]> {
    return this.#in(caller, channelId, { ...call, lock: false }, async (managing) => {
      admit(managing.seen, 'channel.read');
      return (await all(managing)).map(commandOf);
    });
  }

  create(caller: Caller, channelId: string, given: NewCommand, call?: Call): Promise<Made> {
    return this.#in(caller, channelId, { ...call, lock: true }, async (managing) => {
      const { url, userId = caller.userId } = given;
      if (url === undefined) requireOwnAgent(managing, caller, given);
      else await requireManager(managing, caller, userId);
      const there = await all(managing);
      const same = there.find(({ name }) => name === given.name);
      if (same !== undefined) return { command: await again(managing, caller, given, same) };
      if (there.length >= limits.commands)
        throw new HubError('LIMIT_REACHED', `a channel has at most ${limits.commands} commands`);
      return add(managing, caller, given);
    });
  }

  delete(caller: Caller, channelId: string, commandId: string, call?: Call): Promise<void> {
    return this.#in(caller, channelId, { ...call, lock: true }, async (managing) => {
      const { kysely, seen } = managing;
      const row = (await all(managing)).find(({ id }) => id === commandId);
      const isOwn = row?.user_id === caller.userId && row.url === null;
      if (!isOwn) requireManage(managing, caller);
      if (row === undefined)
        throw new HubError('NOT_FOUND', 'no command of this channel has this id', { field: 'commandId' });
      await kysely.deleteFrom('commands').where('id', '=', commandId).execute();
      const note = { subjectId: commandId, channelId: seen.channelId, details: { name: row.name } };
      await noteAudit(kysely, { action: 'command.delete', actor: caller, ...note });
    });
  }

  #in<T>(
    caller: Caller,
    channelId: string,
    { signal, lock }: Call & { readonly lock: boolean },
    work: (managing: Managing) => Promise<T>,
  ): Promise<T> {
    const tables = this.#tables;
    return tables.db.transaction(
      async (session) => {
        const seen = await look(tables, caller, channelId, { on: session, lock, signal });
        return work({ seen, session, kysely: tables.kysely<Tables>(session) });
      },
      { signal },
    );
  }
}

function requireOwnAgent({ seen }: Managing, caller: Caller, { userId }: NewCommand): void {
  admit(seen, 'command.declare');
  if (caller.kind !== 'agent')
    throw new HubError('FORBIDDEN', 'a command without an address is for the agent to make that answers it', {
      field: 'url',
    });
  if (userId !== undefined && userId !== caller.userId)
    throw new HubError('FORBIDDEN', 'an agent makes commands of its own', { field: 'userId' });
}

async function requireManager(managing: Managing, caller: Caller, userId: string): Promise<void> {
  requireManage(managing, caller);
  requireLasting(caller);
  await requireTheirs(managing.kysely, caller, userId, 'a command answers');
}

function requireManage({ seen }: Managing, { scopes }: Caller): void {
  admit(seen, 'channel.webhooks');
  if (!scopes.includes('manage'))
    throw new HubError('SCOPE_MISSING', 'this takes a token with the scope manage');
}

/** An agent says what it answers whenever it comes. */
async function again(
  { kysely }: Managing,
  caller: Caller,
  { url, name, description }: NewCommand,
  same: Selectable<CommandTable>,
): Promise<Command> {
  if (url !== undefined || same.url !== null || same.user_id !== caller.userId)
    throw new HubError('NAME_TAKEN', `the channel has a command ${name} already`, { field: 'name' });
  const row = await kysely
    .updateTable('commands')
    .set({ description: description ?? same.description })
    .where('id', '=', same.id)
    .returningAll()
    .executeTakeFirstOrThrow();
  return commandOf(row);
}

async function add(
  { kysely, seen: { channelId } }: Managing,
  caller: Caller,
  { name, description = '', url, userId = caller.userId }: NewCommand,
): Promise<Made> {
  const secret = url === undefined ? undefined : newSigningSecret();
  const row = await kysely
    .insertInto('commands')
    .values({
      id: newId(),
      channel_id: channelId,
      name,
      description,
      user_id: userId,
      url: url ?? null,
      secret: secret ?? null,
      created_by: caller.userId,
    })
    .returningAll()
    .executeTakeFirstOrThrow();
  const command = commandOf(row);
  const note = { subjectId: row.id, channelId, details: { name, userId, origin: command.origin } };
  await noteAudit(kysely, { action: 'command.create', actor: caller, ...note });
  return { command, ...(secret !== undefined && { secret }) };
}

function all({ kysely, seen }: Managing): Promise<Selectable<CommandTable>[]> {
  return kysely
    .selectFrom('commands')
    .selectAll()
    .where('channel_id', '=', seen.channelId)
    .orderBy('name')
    .execute();
}

function commandOf(row: Selectable<CommandTable>): Command {
  return {
    id: row.id,
    channelId: row.channel_id,
    name: row.name,
    description: row.description,
    userId: row.user_id,
    // What stands behind it is often a secret, and everybody in the channel reads this.
    origin: row.url === null ? null : new URL(row.url).origin,
    createdBy: row.created_by,
    createdAt: Number(row.created_at),
  };
}
