/** A place in a channel: an offset means one message within an epoch. */
export interface LedgerPlace {
  readonly epoch: string;
  readonly offset: number;
}

/** A hole that a receiver was told of: behind `from`, it goes on behind `to`. */
export interface LedgerGap {
  readonly from: LedgerPlace;
  readonly to: LedgerPlace;
}

type Entry =
  | { readonly kind: 'message'; readonly id: string; readonly place: LedgerPlace }
  | { readonly kind: 'gap'; readonly gap: LedgerGap };

interface Book {
  readonly receiver: string;
  readonly channel: string;
  /** Where it began to listen. */
  readonly start: LedgerPlace;
  readonly entries: Entry[];
}

export interface LedgerTotals {
  readonly acknowledged: number;
  readonly unknown: number;
  readonly delivered: number;
  readonly gaps: number;
  /** Acknowledged messages that a receiver did not get and was told of. */
  readonly told: number;
}

/**
 * Who was given what: every message exactly once and in order for each receiver, or within a gap that it was told of. `problems` names
 * what is otherwise.
 */
export class Ledger {
  readonly #acknowledged = new Map<string, Map<string, LedgerPlace>>();
  readonly #books: Book[] = [];
  #unknown = 0;

  /** The broker has taken it. */
  acknowledge(channel: string, id: string, place: LedgerPlace): void {
    const known = this.#acknowledged.get(channel) ?? new Map<string, LedgerPlace>();
    this.#acknowledged.set(channel, known.set(id, place));
  }

  /** Nobody can know whether the broker has taken it. */
  doubt(): void {
    this.#unknown += 1;
  }

  /** A receiver that has, from `start` on, everything; what it notes comes in the order in which it was given. */
  open(
    receiver: string,
    channel: string,
    start: LedgerPlace,
  ): {
    readonly message: (id: string, place: LedgerPlace) => void;
    readonly gap: (gap: LedgerGap) => void;
  } {
    const book: Book = { receiver, channel, start, entries: [] };
    this.#books.push(book);
    return {
      message: (id, place) => void book.entries.push({ kind: 'message', id, place }),
      gap: (gap) => void book.entries.push({ kind: 'gap', gap }),
    };
  }

  /** What has not arrived yet, and will not be told as missing. */
  get missing(): number {
    return this.#books.reduce((sum, book) => sum + this.#lost(book).length, 0);
  }

  get totals(): LedgerTotals {
    const entries = this.#books.flatMap((book) => book.entries);
    const delivered = entries.filter(({ kind }) => kind === 'message').length;
    const acknowledged = [...this.#acknowledged.values()].reduce((sum, { size }) => sum + size, 0);
    const told = this.#books.reduce((sum, book) => sum + this.#absent(book).length, 0);
    return { acknowledged, unknown: this.#unknown, delivered, gaps: entries.length - delivered, told };
  }

  /** Empty when every promise was kept. */
  problems(): string[] {
    return this.#books.flatMap((book) => {
      const who = `${book.receiver} on ${book.channel}`;
      const lost = this.#lost(book).map(([id, place]) => `${who} never got ${id} at ${show(place)}`);
      return [...this.#sequenceProblems(book).map((problem) => `${who} ${problem}`), ...lost];
    });
  }

  #absent({ channel, start, entries }: Book): (readonly [string, LedgerPlace])[] {
    const got = new Set(entries.flatMap((entry) => (entry.kind === 'message' ? [entry.id] : [])));
    return [...(this.#acknowledged.get(channel) ?? [])].filter(
      ([id, place]) => !got.has(id) && !(place.epoch === start.epoch && place.offset <= start.offset),
    );
  }

  #lost(book: Book): (readonly [string, LedgerPlace])[] {
    const gaps = book.entries.flatMap((entry) => (entry.kind === 'gap' ? [entry.gap] : []));
    const visited = new Set([book.start.epoch, ...gaps.map(({ to }) => to.epoch)]);
    const latest = [...(this.#acknowledged.get(book.channel)?.values() ?? [])].at(-1)?.epoch;
    // An epoch may come and go while a receiver is away: it is told of one change.
    const passed = (epoch: string): boolean => visited.size > 1 && !visited.has(epoch) && epoch !== latest;
    return this.#absent(book).filter(
      ([, place]) => !passed(place.epoch) && !gaps.some((gap) => covers(gap, place)),
    );
  }

  #sequenceProblems({ channel, start, entries }: Book): string[] {
    const places = new Map(
      Array.from(this.#acknowledged.get(channel) ?? [], ([id, place]) => [show(place), id]),
    );
    const problems: string[] = [];
    const seen = new Set<string>();
    // A message whose reply was lost together with the end of a log is published again in the next epoch: who had it has it already. Of one
    // that nobody was told of, nobody can say what it was.
    const isThere = (place: LedgerPlace): boolean => {
      const id = places.get(show(place));
      return id === undefined ? this.#unknown > 0 : seen.has(id);
    };
    let at = start;
    for (const entry of entries) {
      if (entry.kind === 'gap') {
        at = entry.gap.to;
        continue;
      }
      const { id, place } = entry;
      if (place.epoch !== at.epoch) problems.push(`got ${show(place)} after ${show(at)} without a gap`);
      else if (place.offset <= at.offset)
        problems.push(`got ${show(place)} after ${show(at)}, out of order or again`);
      else if (!placesBetween(at, place).every(isThere))
        problems.push(`got ${show(place)} after ${show(at)}, with a hole`);
      if (seen.has(id)) problems.push(`got ${id} twice`);
      seen.add(id);
      at = place;
    }
    return problems;
  }
}

/** With the epoch, what was behind the receiver's place in the old one may be lost. */
function covers({ from, to }: LedgerGap, { epoch, offset }: LedgerPlace): boolean {
  if (epoch !== from.epoch || offset <= from.offset) return false;
  return to.epoch !== epoch || offset <= to.offset;
}

function placesBetween({ epoch, offset }: LedgerPlace, { offset: end }: LedgerPlace): LedgerPlace[] {
  return Array.from({ length: end - offset - 1 }, (_, i) => ({ epoch, offset: offset + 1 + i }));
}

const show = ({ epoch, offset }: LedgerPlace): string => `${epoch}:${offset}`;
