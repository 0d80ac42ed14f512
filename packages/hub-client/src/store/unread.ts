import type { Message, NotificationLevel, Reading, Role } from '@parley/hub-protocol';
import type { Rows } from './rows.ts';

type Count = Pick<Reading, 'unread' | 'mentions'>;

/** Who counts. */
export interface Me {
  readonly id: string;
  readonly role: Role | undefined;
}

const none: Count = { unread: 0, mentions: 0 };

/**
 * What waits in a channel. Where the messages are here they are counted; what lies further back is known by what the hub counted, less what is
 * here. So no count drifts: it is made anew from what is there.
 */
export class Unread {
  readonly #channelId: string;
  readonly #rows: Rows;
  level: NotificationLevel | null = null;
  #last = 0;
  /** Waiting, and not among the messages that are here. */
  #hidden: Count = none;
  /** The hub's count at a number of the log that is not applied yet. */
  #counted: { readonly reading: Reading; readonly at: number } | undefined;

  constructor(channelId: string, rows: Rows) {
    this.#channelId = channelId;
    this.#rows = rows;
  }

  get lastReadSeq(): number {
    return this.#last;
  }

  /** Whether some of what waits is not here, and known by its count alone. */
  get hides(): boolean {
    return this.#counted === undefined && this.#hidden.unread + this.#hidden.mentions > 0;
  }

  /** The count of the hub, at a number of the log. */
  count(reading: Reading, at: number): void {
    if (reading.level !== undefined) this.level = reading.level;
    this.#counted = { reading, at };
    this.#hidden = none;
    this.#last = Math.max(this.#last, reading.lastReadSeq);
  }

  /** The numbers mean other messages from now on. */
  clear(): void {
    this.#last = 0;
    this.#counted = undefined;
    this.#hidden = none;
  }

  /** Everything up to a number is read. */
  mark(seq: number): boolean {
    if (seq <= this.#last) return false;
    this.#last = seq;
    return true;
  }

  /**
   * The hub's count at a number that it names; without one at some moment that is not known exactly, and then what is hidden only gets less by
   * reading on.
   */
  recount(reading: Reading, me: Me | undefined, position: number): void {
    if (reading.level !== undefined) this.level = reading.level;
    if (reading.lastReadSeq < this.#last) return;
    this.#last = reading.lastReadSeq;
    if (reading.seq !== undefined) {
      this.#counted = { reading, at: reading.seq };
      this.settle(me, position);
      return;
    }
    this.#counted = undefined;
    const here = this.#here(me);
    const less = (key: keyof Count): number =>
      Math.min(this.#hidden[key], Math.max(0, reading[key] - here[key]));
    this.#hidden = { unread: less('unread'), mentions: less('mentions') };
  }

  /** Runs what brings or lets go messages from further back: what is here is not hidden, and the other way round. */
  shift(me: Me | undefined, work: () => void): void {
    const before = this.#here(me);
    work();
    const after = this.#here(me);
    const moved = (key: keyof Count): number => Math.max(0, this.#hidden[key] - (after[key] - before[key]));
    this.#hidden = { unread: moved('unread'), mentions: moved('mentions') };
  }

  /** To be called after each event: the hub's count holds at its number and not later. */
  settle(me: Me | undefined, position: number): void {
    if (this.#counted === undefined || position < this.#counted.at) return;
    const { reading, at } = this.#counted;
    this.#counted = undefined;
    // The marker has moved since.
    if (reading.lastReadSeq < this.#last) return;
    this.#hidden = beyond(reading, this.#here(me, at));
  }

  /**
   * @param floor from where on all messages are here
   * @param position up to where
   */
  read(me: Me | undefined, floor: number, position: number): Reading {
    const here = this.#here(me);
    if (this.#last >= position) this.#hidden = none;
    const counted = this.#counted?.reading;
    // What the hub counted and has not told yet is on its way.
    const hidden = counted?.lastReadSeq === this.#last ? beyond(counted, here) : this.#hidden;
    return {
      channelId: this.#channelId,
      lastReadSeq: this.#last,
      unread: here.unread + (this.#last + 1 >= floor ? 0 : hidden.unread),
      mentions: here.mentions + hidden.mentions,
      level: this.level,
    };
  }

  #here(me: Me | undefined, upTo = Infinity): Count {
    let [unread, mentions] = [0, 0];
    for (const message of this.#rows.between(this.#last + 1, upTo)) {
      if (message.kind !== 'message' || message.deletedAt !== null || message.senderId === me?.id) continue;
      if (message.threadId === null) unread += 1;
      if (calls(message, me)) mentions += 1;
    }
    return { unread, mentions };
  }
}

/** What was counted, less what is here. */
function beyond(counted: Count, here: Count): Count {
  return {
    unread: Math.max(0, counted.unread - here.unread),
    mentions: Math.max(0, counted.mentions - here.mentions),
  };
}

function calls({ mentions: { users, roles, here } }: Message, me: Me | undefined): boolean {
  return me !== undefined && (here || users.includes(me.id) || roles.some((role) => role === me.role));
}
