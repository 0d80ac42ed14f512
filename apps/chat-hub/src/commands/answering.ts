import { agentAddress, HubError, limits as bounds, type CommandAnswer } from '@parley/hub-protocol';
import type { RouteBody } from '@parley/hub-protocol/rest';
import { readText, type ApplicationTables, type Session } from '@parley/runtime';
import type { Selectable } from 'kysely';
import type { Call } from '../access/base.ts';
import type { Caller } from '../access/caller.ts';
import type { Messages } from '../chat/chat.ts';
import { admit, look } from '../chat/look.ts';
import { newId } from '../database/ids.ts';
import type { CommandAnswerTable, Tables } from '../database/tables.ts';
import { refusalOf, type HubLimits } from '../limits/hub-limits.ts';
import type { Feed } from '../live/feed.ts';
import { actingCaller, asProgram } from '../webhooks/acting.ts';

export interface AnsweringOptions {
  readonly tables: ApplicationTables;
  readonly messages: Pick<Messages, 'send'>;
  readonly limits: Pick<HubLimits, 'act'>;
  readonly feed: Pick<Feed, 'moment'>;
}

/** By what it is known whose call is answered: by who is to answer it, by the hash of the secret in the address, or by the hub itself. */
export type AnsweredBy =
  | { readonly callId: string; readonly userId: string | null }
  | { readonly hash: Uint8Array };

type Given = RouteBody<'answerByAddress'>;

interface Called {
  readonly callId: string;
  readonly channelId: string;
  /** Who typed it. */
  readonly userId: string;
  readonly name: string;
  readonly as: Caller;
}

/** Answers to commands: seen by who typed it alone, or messages in the name of the command's user, who must be allowed to write either. */
export class Answering {
  readonly #options: AnsweringOptions;

  constructor(options: AnsweringOptions) {
    this.#options = options;
  }

  async answer(by: AnsweredBy, given: Given, call: Call = {}): Promise<CommandAnswer> {
    const { tables } = this.#options;
    const { called, row, isNew } = await tables.db.transaction(
      (session) => this.#place(session, by, given, call),
      call,
    );
    if (row.visibility === 'channel' && row.message_id === null)
      return this.#send(called, row, given.content, call);
    if (isNew && row.visibility === 'caller') this.#tell(called, row);
    return answerOf(row);
  }

  async #place(session: Session, by: AnsweredBy, given: Given, call: Call) {
    const { tables } = this.#options;
    const { visibility = 'caller', content, clientId = null } = given;
    const called = await this.#called(session, by, call);
    const kysely = tables.kysely<Tables>(session);
    const there = await kysely
      .selectFrom('command_answers')
      .selectAll()
      .where('call_id', '=', called.callId)
      .execute();
    const same = there.find((row) => clientId !== null && row.client_id === clientId);
    if (same !== undefined) return { called, row: same, isNew: false };
    if (there.length >= bounds.commandAnswers)
      throw new HubError('LIMIT_REACHED', `a command is answered at most ${bounds.commandAnswers} times`);
    const row = await kysely
      .insertInto('command_answers')
      .values({
        id: newId(),
        call_id: called.callId,
        client_id: clientId,
        visibility,
        content: visibility === 'caller' ? content : null,
      })
      .returningAll()
      .executeTakeFirstOrThrow();
    return { called, row, isNew: true };
  }

  async #called(session: Session, by: AnsweredBy, call: Call): Promise<Called> {
    const { tables } = this.#options;
    const params = 'hash' in by ? [null, null, by.hash] : [by.callId, by.userId, null];
    const { rows } = await session.query(tables.statement('command_call_lock'), params, call);
    const [row] = rows;
    if (row === undefined) throw new HubError('NOT_FOUND', 'there is nothing here that can be answered');
    const [callId, commandId] = [readText(row, 0), readText(row, 1)];
    const [channelId, userId] = [readText(row, 2), readText(row, 3)];
    const acting = await session.query(tables.statement('caller_of_command'), [commandId], call);
    const [actor] = acting.rows;
    if (actor === undefined) throw new HubError('NOT_FOUND', 'nobody is there to answer it');
    const as = actingCaller(actor, commandId);
    const on = { ...call, on: session };
    admit(await look(tables, asProgram(as), channelId, on), 'message.send');
    // Who was removed in between is told nothing of the channel.
    await look(tables, { userId, role: 'observer' }, channelId, on);
    return { callId, channelId, userId, name: readText(row, 4), as };
  }

  /** Sent again after a node has died in between, it is the same message. */
  async #send(
    { callId, channelId, userId, name, as }: Called,
    row: Selectable<CommandAnswerTable>,
    content: string,
    call: Call,
  ): Promise<CommandAnswer> {
    const { tables, messages, limits } = this.#options;
    const kysely = tables.kysely<Tables>();
    const clientId = `command:${row.id}`;
    const draft = { content, clientId, data: { command: { callId, name, userId } } };
    try {
      // Not before, within the transaction: what counts may need the connection that it holds.
      const verdict = await limits.act('message', as, clientId);
      if (verdict?.ok === false) throw refusalOf(verdict);
      const { id } = await messages.send(asProgram(as), channelId, draft, call);
      await kysely.updateTable('command_answers').set({ message_id: id }).where('id', '=', row.id).execute();
      return answerOf({ ...row, message_id: id });
    } catch (error) {
      if (error instanceof HubError)
        await kysely
          .deleteFrom('command_answers')
          .where('id', '=', row.id)
          .where('message_id', 'is', null)
          .execute();
      throw error;
    }
  }

  #tell({ callId, channelId, userId, as }: Called, { id, content }: Selectable<CommandAnswerTable>): void {
    const event = {
      type: 'command.answer',
      channelId,
      callId,
      answerId: id,
      content: content ?? '',
    } as const;
    this.#options.feed.moment({ event, actorId: as.userId, channelId, to: agentAddress(userId) });
  }
}

function answerOf(row: Selectable<CommandAnswerTable>): CommandAnswer {
  return {
    id: row.id,
    visibility: row.visibility,
    content: row.content,
    messageId: row.message_id,
    createdAt: Number(row.created_at),
  };
}
