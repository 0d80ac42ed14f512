import type { Gap, Position, ReadRequest, StoredRecord, StreamPage } from '@parley/bus';
import { virtualClock } from '@parley/cache-core/kernel';
import { Cursor, type Start } from '../src/cursor.ts';
import { emptyStats } from '../src/stats.ts';

/** A log whose fate is decided by hand. */
export class ScriptedLog {
  epoch = 'e1';
  top = 0;
  oldest = 1;
  lineage: readonly Position[] = [];
  #records: StoredRecord[] = [];
  #epochs = 1;
  #ids = 0;
  /** What each place has ever held. */
  readonly held = new Map<string, string>();

  append(count = 1): StoredRecord[] {
    return Array.from({ length: count }, () => {
      this.top += 1;
      this.#ids += 1;
      const record = { offset: this.top, at: 0, id: `r${this.#ids}`, body: `b${this.#ids}` };
      this.#records.push(record);
      this.held.set(`${this.epoch} ${record.offset}`, record.id);
      return record;
    });
  }

  /** Somebody who was not answered sends it once more. */
  appendAgain({ id, body }: StoredRecord): StoredRecord {
    this.top += 1;
    const record = { offset: this.top, at: 0, id, body };
    this.#records.push(record);
    this.held.set(`${this.epoch} ${record.offset}`, id);
    return record;
  }

  trim(count: number): void {
    this.oldest = Math.min(this.top + 1, this.oldest + count);
    this.#records = this.#records.filter(({ offset }) => offset >= this.oldest);
  }

  /** Another server goes on with what it has: all but the last `lost`. */
  failOver(lost: number): void {
    const common = { epoch: this.epoch, offset: Math.max(0, this.top - lost) };
    this.lineage = [
      common,
      ...this.lineage.map((one) => ({ ...one, offset: Math.min(one.offset, common.offset) })),
    ];
    this.top = common.offset;
    this.oldest = Math.min(this.oldest, this.top + 1);
    this.#records = this.#records.filter(({ offset }) => offset <= this.top);
    this.#nextEpoch();
    for (const { offset, id } of this.#records) this.held.set(`${this.epoch} ${offset}`, id);
  }

  /** It is gone, and begins again. */
  loseAll(): void {
    this.lineage = [];
    this.top = 0;
    this.oldest = 1;
    this.#records = [];
    this.#nextEpoch();
  }

  page({ after, limit }: ReadRequest): StreamPage {
    const { epoch, top, oldest, lineage } = this;
    const known = after === undefined || after.epoch === epoch;
    const behind = this.#records.filter(({ offset }) => offset > (after?.offset ?? 0));
    return { epoch, top, oldest, lineage, records: known ? behind.slice(0, limit) : [] };
  }

  #nextEpoch(): void {
    this.#epochs += 1;
    this.epoch = `e${this.#epochs}`;
  }
}

/** A read that waits for its answer. */
interface Asked {
  readonly request: ReadRequest;
  /** As the log was when it was asked. */
  readonly snapshot: StreamPage;
  readonly answer: (page: StreamPage) => void;
  readonly fail: (error: Error) => void;
}

/** A cursor whose reads are answered by hand. */
export function follow(log: ScriptedLog, start: Start = 'now') {
  const clock = virtualClock();
  const stats = emptyStats();
  const ending = new AbortController();
  const asked: Asked[] = [];
  const told: ({ readonly place: Position; readonly id: string } | { readonly gap: Gap })[] = [];
  const states: boolean[] = [];
  const room = { left: Infinity };
  const cursor = new Cursor({
    channel: 'c',
    start,
    clock,
    random: () => 0.5,
    stats,
    signal: ending.signal,
    read: (request) =>
      new Promise((answer, fail) => {
        asked.push({ request, snapshot: log.page(request), answer, fail });
      }),
    deliver: (record, epoch) => {
      told.push({ place: { epoch, offset: record.offset }, id: record.id });
      room.left -= 1;
      return room.left > 0;
    },
    gap: (gap) => told.push({ gap }),
    live: (live) => states.push(live),
  });

  return {
    clock,
    stats,
    asked,
    told,
    states,
    room,
    cursor,
    end: () => {
      cursor.close();
      ending.abort();
    },
    /** Answers the oldest read, as the log is now or as it was when it was asked. */
    async answer(asItWas = false): Promise<void> {
      const one = asked.shift();
      one?.answer(asItWas ? one.snapshot : log.page(one.request));
      await clock.settle();
    },
    async fail(): Promise<void> {
      asked.shift()?.fail(new Error('away'));
      await clock.settle();
    },
    /** Answers whatever is read until nothing is read any more. */
    async answerAll(): Promise<void> {
      for (let round = 0; round < 200; round++) {
        await clock.advance(2_000);
        if (asked.length === 0) return;
        while (asked.length > 0) await this.answer();
      }
      throw new Error('it reads for ever');
    },
    get delivered(): string[] {
      return told.map((one) => ('gap' in one ? `gap ${one.gap.reason}` : `${one.place.offset}`));
    },
  };
}

export type Followed = ReturnType<typeof follow>;

/** A cursor that is live at the end of a log with `count` records. */
export async function live(count = 0): Promise<{ log: ScriptedLog; one: Followed }> {
  const log = new ScriptedLog();
  log.append(count);
  const one = follow(log);
  one.cursor.joined();
  await one.answer();
  if (!one.cursor.live) throw new Error('it is not live');
  return { log, one };
}
