import type { Appended, NewRecord, StoredRecord } from '@parley/bus';
import { StoreFault } from '@parley/cache-core/kernel';
import { booleanArray, integerArray, realArray, textArray } from '../arrays.ts';
import { boundedMs } from '../bounded-ms.ts';
import type { Param, TextRow } from '../database.ts';
import { text } from '../rows.ts';
import type { News } from './news.ts';
import { onceKey } from './once-key.ts';

interface Log {
  readonly channel: string;
  /** How many records go to it. */
  count: number;
  last: NewRecord;
  wide: boolean;
}

interface Placed {
  readonly log: Log;
  /** Which of the channels of the batch, from 1. */
  readonly owner: number;
  /** Which record of its channel, from 1. */
  readonly nth: number;
}

/** Records of several channels, as the statements that append them take them, and as they answer. */
export class AppendBatch {
  readonly #records: readonly NewRecord[];
  readonly #logs: Log[] = [];
  readonly #placed: readonly Placed[];
  /** Whether some of them may be there already, which takes longer to find out. */
  readonly careful: boolean;

  constructor(records: readonly NewRecord[]) {
    this.#records = records;
    this.careful = records.some(({ sinceMs, once }) => sinceMs !== undefined || once !== undefined);
    const owners = new Map<string, number>();
    this.#placed = records.map((record) => {
      const owner = owners.get(record.channel) ?? owners.size + 1;
      owners.set(record.channel, owner);
      const log = (this.#logs[owner - 1] ??= {
        channel: record.channel,
        count: 0,
        last: record,
        wide: false,
      });
      log.count += 1;
      log.last = record;
      log.wide ||= record.wide;
      return { log, owner, nth: log.count };
    });
  }

  get params(): Param[] {
    const records = this.#records;
    const params = [
      textArray(this.#logs.map(({ channel }) => channel)),
      integerArray(this.#logs.map(({ count }) => count)),
      integerArray(this.#logs.map(({ last }) => boundedCount(last.keep.count))),
      realArray(this.#logs.map(({ last }) => boundedMs(last.keep.forMs))),
      booleanArray(this.#logs.map(({ wide }) => wide)),
      integerArray(this.#placed.map(({ owner }) => owner)),
      integerArray(this.#placed.map(({ nth }) => nth)),
      textArray(records.map(({ id }) => id)),
      textArray(records.map(({ body }) => body)),
    ];
    if (!this.careful) return params;
    return [
      ...params,
      realArray(records.map(({ sinceMs }) => sinceMs && boundedMs(sinceMs))),
      textArray(records.map(({ once }) => once && onceKey(once.key))),
      realArray(records.map(({ once }) => once && boundedMs(once.forMs))),
    ];
  }

  /** Columns as the statements answer them: of the channels, then of the records where that was asked for. */
  appended(row: TextRow): Appended[] {
    const [epochs, tops, times] = [list(row, 0), list(row, 1), list(row, 2)];
    const [places, moments, repeats] = this.careful ? [list(row, 3), list(row, 4), list(row, 5)] : [];
    return this.#records.map((_, i) => {
      const { log, owner, nth } = at(this.#placed, i);
      const repeated = repeats?.[i] === 't';
      const offset =
        places === undefined ? Number(at(tops, owner - 1)) - log.count + nth : Number(at(places, i));
      const moment = repeated ? moments?.[i] : times[owner - 1];
      return { position: { epoch: at(epochs, owner - 1), offset }, at: Number(moment), repeated };
    });
  }

  /** What the followers of each channel should hear. */
  news(appended: readonly Appended[]): News[] {
    const heard = new Map<Log, { wide: boolean; last: Appended; all: boolean; records: StoredRecord[] }>();
    for (const [i, answer] of appended.entries()) {
      const { log } = at(this.#placed, i);
      const { id, body, wide } = at(this.#records, i);
      const news = heard.get(log) ?? { wide: false, last: answer, all: true, records: [] };
      heard.set(log, news);
      // Of what was there already nobody may have been told, if whoever appended it did not learn that he had.
      news.all &&= !answer.repeated;
      news.wide ||= wide;
      if (answer.position.offset >= news.last.position.offset) news.last = answer;
      news.records.push({ offset: answer.position.offset, at: answer.at, id, body });
    }
    return [...heard].map(([{ channel }, { wide, last, all, records }]) => ({
      channel,
      wide,
      position: last.position,
      records: all ? records : [],
    }));
  }
}

/** As many as fit into the number of a row. */
const boundedCount = (count: number): number => Math.max(0, Math.min(Number.MAX_SAFE_INTEGER, count));

/** An array as the server writes it; ours are of numbers, flags and epochs, none of which needs quotes. */
function list(row: TextRow, column: number): string[] {
  const inner = text(row, column).slice(1, -1);
  return inner === '' ? [] : inner.split(',');
}

function at<T>(items: readonly T[], index: number): T {
  const item = items[index];
  if (item === undefined) throw new StoreFault('Postgres: an answer to an append does not fit the question');
  return item;
}
