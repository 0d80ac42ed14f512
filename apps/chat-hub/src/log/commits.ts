import { integerArray, uuidArray, type Database, type Statement, type TextRow } from '@parley/runtime';
import type { NewMessage } from './new-message.ts';
import { isPlain, nameOf, type Portion, type Reply } from './portion.ts';

export interface CommitsOptions {
  readonly db: Pick<Database, 'query'>;
  /** Of one channel, which waits for whoever holds it. */
  readonly statement: Statement;
  /** The same, where one of the messages has files or is being streamed. */
  readonly fullStatement: Statement;
  /** Of several channels. */
  readonly manyStatement: Statement;
}

/** What became of the messages of a channel, by their names. `busy`: of none of them, as somebody else held the channel. */
export type Outcome = ReadonlyMap<string, Reply> | 'busy';

/** The statements that add messages to logs. */
export class Commits {
  readonly #options: CommitsOptions;

  constructor(options: CommitsOptions) {
    this.#options = options;
  }

  async alone({ channelId, rev, messages }: Portion): Promise<ReadonlyMap<string, Reply>> {
    const { db, statement, fullStatement } = this.#options;
    const { rows } = await db.query(messages.every(isPlain) ? statement : fullStatement, [
      channelId,
      rev,
      JSON.stringify(messages.map(rowOf)),
    ]);
    const replies = new Map<string, Reply>();
    for (const row of rows) {
      const message = messages[Number(row[0])];
      if (message !== undefined) replies.set(nameOf(message), replyIn(row));
    }
    return replies;
  }

  async together(portions: readonly Portion[]): Promise<Outcome[]> {
    const { db, manyStatement } = this.#options;
    const all = portions.flatMap(({ messages }, at) => messages.map((message) => ({ message, at })));
    const { rows } = await db.query(manyStatement, [
      uuidArray(portions.map(({ channelId }) => channelId)),
      integerArray(portions.map(({ rev }) => rev)),
      // Places count from 1, as they do in arrays.
      JSON.stringify(all.map(({ message, at }, nth) => ({ ...rowOf(message, nth), place: at + 1 }))),
    ]);
    const outcomes = portions.map(() => new Map<string, Reply>());
    const busy = new Set<number>();
    for (const row of rows) {
      const one = all[Number(row[0])];
      if (one === undefined) continue;
      if (row[6] === 't') busy.add(one.at);
      else outcomes[one.at]?.set(nameOf(one.message), replyIn(row));
    }
    return outcomes.map((outcome, at) => (busy.has(at) ? 'busy' : outcome));
  }
}

function rowOf(message: NewMessage, nth: number): object {
  const { users, roles, here } = message.mentions;
  const plain = users.length === 0 && roles.length === 0 && !here;
  return {
    nth,
    id: message.id,
    kind: message.kind,
    sender_id: message.senderId,
    client_id: message.clientId,
    content: message.content,
    thread_id: message.threadId,
    reply_to: message.replyTo,
    mentions: plain ? undefined : message.mentions,
    mentioned: message.mentioned,
    turn_id: message.turnId,
    caused_by: message.causedBy,
    streaming: message.streaming,
    model: message.model,
    data: message.data,
    counts: message.kind === 'message',
    ...(message.files.length > 0 && { files: message.files.map((file) => file.id) }),
  };
}

function replyIn([, seq, id, at, channelId, again]: TextRow): Reply {
  if (seq === null) return 'timed-out';
  return { seq: Number(seq), id: id ?? '', at: Number(at), channelId: channelId ?? '', again: again === 't' };
}
