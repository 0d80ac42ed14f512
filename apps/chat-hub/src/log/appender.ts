import { createBatcher, createLru, Overloaded } from '@parley/cache-core/kernel';
import type { Database, Statement, TextRow } from '@parley/runtime';
import type { NewMessage, Placed } from './new-message.ts';

export interface AppenderOptions {
  readonly db: Pick<Database, 'query'>;
  readonly statement: Statement;
  /** The same, where one of the messages has files or is being streamed. */
  readonly fullStatement: Statement;
  /** What was added, in order and without what was there already; told after the commit and before who sent it is answered. Never rejects. */
  readonly onAdded: (channelId: string, added: readonly Added[]) => Promise<void>;
  /** How many messages may wait on this node. @default 10,000 */
  readonly maxWaiting?: number | undefined;
}

interface Added {
  readonly message: NewMessage;
  readonly placed: Placed;
}

interface Request {
  readonly message: NewMessage;
  readonly rev: number;
}

/** Undefined: the channel is not as it was when the message was allowed. */
export type Reply = Placed | 'timed-out' | undefined;

/** One statement takes at most so many, and so many characters. */
const maxBatch = 64;
const charactersEach = 4_096;

/**
 * Adds messages to the logs of their channels. Those that come while one commit of their channel is under way go together with the next:
 * they would only wait for the lock of its row.
 */
export class Appender {
  readonly #options: AppenderOptions;
  readonly #maxWaiting: number;
  /** Whoever falls out of here while a commit is under way loses company, and nothing else. */
  readonly #lanes = createLru<string, (request: Request) => Promise<Reply>>({ maxEntries: 10_000 });
  #waiting = 0;

  constructor(options: AppenderOptions) {
    this.#options = options;
    this.#maxWaiting = options.maxWaiting ?? 10_000;
  }

  /** @param rev of the channel, when the message was allowed */
  async append(message: NewMessage, rev: number): Promise<Reply> {
    if (this.#waiting >= this.#maxWaiting) {
      throw new Overloaded('The log', { evidence: { waiting: this.#waiting, limit: this.#maxWaiting } });
    }
    this.#waiting += 1;
    try {
      return await this.#laneOf(message.channelId)({ message, rev });
    } finally {
      this.#waiting -= 1;
    }
  }

  #laneOf(channelId: string): (request: Request) => Promise<Reply> {
    let lane = this.#lanes.get(channelId);
    if (lane === undefined) {
      lane = createBatcher<Request, Reply>({
        run: (requests) => this.#commit(channelId, requests),
        maxBatch,
        maxInFlight: 1,
        sizeOf: ({ message }) => 1 + Math.floor(message.content.length / charactersEach),
      });
      this.#lanes.set(channelId, lane);
    }
    return lane;
  }

  async #commit(channelId: string, requests: readonly Request[]): Promise<Reply[]> {
    // What was allowed on an older state of the channel than the latest of them will be refused anyway.
    const rev = Math.max(...requests.map((request) => request.rev));
    const current = requests.filter((request) => request.rev === rev);
    const first = firstOfEach(current);
    const { db, statement, fullStatement } = this.#options;
    const isPlain = first.every(({ message }) => message.files.length === 0 && message.streaming !== 'open');
    const { rows } = await db.query(isPlain ? statement : fullStatement, [
      channelId,
      rev,
      JSON.stringify(first.map(({ message }, nth) => rowOf(message, nth))),
    ]);
    const placed = new Map(rows.map((row) => [Number(row[0]), placedOf(row)]));
    const byName = new Map<string, Reply>();
    const added: Added[] = [];
    for (const [nth, { message }] of first.entries()) {
      const place = placed.get(nth);
      if (place === undefined) continue;
      byName.set(nameOf(message), place);
      if (place !== 'timed-out' && !place.again) added.push({ message, placed: place });
    }
    if (added.length > 0) await this.#options.onAdded(channelId, added);
    return requests.map((request) => (request.rev === rev ? byName.get(nameOf(request.message)) : undefined));
  }
}

/** What makes two sendings one message. */
function nameOf({ id, senderId, clientId }: NewMessage): string {
  return clientId === undefined ? id : `${senderId} ${clientId}`;
}

function firstOfEach(requests: readonly Request[]): Request[] {
  const seen = new Map<string, Request>();
  for (const request of requests) {
    const name = nameOf(request.message);
    if (!seen.has(name)) seen.set(name, request);
  }
  return [...seen.values()];
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

function placedOf([, seq, id, at, channelId, again]: TextRow): Placed | 'timed-out' {
  if (seq === null) return 'timed-out';
  return { seq: Number(seq), id: id ?? '', at: Number(at), channelId: channelId ?? '', again: again === 't' };
}
