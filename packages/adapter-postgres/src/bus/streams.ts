import type {
  Appended,
  BrokerCall,
  ChannelPosition,
  NewRecord,
  ReadRequest,
  StreamPage,
  StreamStore,
} from '@parley/bus';
import { StoreFault } from '@parley/cache-core/kernel';
import { textArray } from '../arrays.ts';
import type { Queries, Session, Statement, TextRow } from '../database.ts';
import { text } from '../rows.ts';
import { AppendBatch } from './append-batch.ts';
import type { BusTables } from './bus-tables.ts';
import type { News } from './news.ts';
import { PageReader } from './page-reader.ts';
import { byName, slices } from './parts.ts';
import { toPosition } from './positions.ts';

interface Told {
  readonly appended: readonly Appended[];
  readonly news: readonly News[];
}

type Run = (
  statement: Statement,
  params: Parameters<Queries['query']>[1] & {},
) => Promise<readonly TextRow[]>;

/** Logs in tables. Offsets are given out under the lock of the channel's row, so nobody can see one without those before it. */
export class Streams implements StreamStore {
  readonly #tables: BusTables;
  readonly #said: (news: readonly News[]) => void;
  readonly #pages: PageReader;
  readonly #append: Statement;
  readonly #appendNew: Statement;
  readonly #channels: Statement;
  readonly #drop: Statement;

  /** @param said is told what has been committed */
  constructor(tables: BusTables, said: (news: readonly News[]) => void) {
    this.#tables = tables;
    this.#said = said;
    this.#pages = new PageReader(tables);
    this.#append = tables.statement('bus_append');
    this.#appendNew = tables.statement('bus_append_new');
    this.#channels = tables.statement('bus_channels');
    this.#drop = tables.statement('bus_drop');
  }

  async append(records: readonly NewRecord[], { signal }: BrokerCall = {}): Promise<readonly Appended[]> {
    const answers = new Map<NewRecord, Appended>();
    for (const part of byName(records, ({ channel }) => channel)) {
      const cut = slices(part);
      // What is too large for one statement and must not be torn apart.
      const { appended, news } =
        cut.length > 1
          ? await this.#inTransaction(part, signal)
          : await this.#appendPart(part, (what, params) => this.#tables.query(what, params, { signal }));
      for (const [i, record] of part.entries()) answers.set(record, answerAt(appended, i));
      this.#said(news);
    }
    return records.map((record) => answerAt([answers.get(record)], 0));
  }

  /** Within a transaction of the caller's, who tells when it is committed. */
  async appendIn(session: Session, records: readonly NewRecord[]): Promise<Told> {
    await this.#tables.prepareWithin();
    const told: Told[] = [];
    for (const part of slices(records)) {
      const run: Run = async (statement, params) => (await session.query(statement, params)).rows;
      told.push(await this.#appendPart(part, run));
    }
    return { appended: told.flatMap(({ appended }) => appended), news: told.flatMap(({ news }) => news) };
  }

  async read(requests: readonly ReadRequest[], options: BrokerCall = {}): Promise<readonly StreamPage[]> {
    return this.#pages.read(requests, options);
  }

  async channels(
    topic: string,
    { after, limit, signal }: Parameters<StreamStore['channels']>[1],
  ): Promise<readonly ChannelPosition[]> {
    const rows = await this.#tables.query(this.#channels, [topic, after ?? null, limit], { signal });
    return rows.map((row) => ({ channel: text(row, 0), position: toPosition(row, 1) }));
  }

  async drop(channels: readonly string[], { signal }: BrokerCall = {}): Promise<void> {
    await this.#tables.begin();
    const rows = await this.#tables.query(this.#drop, [textArray([...new Set(channels)])], { signal });
    this.#said(
      rows.map((row) => ({
        channel: text(row, 0),
        wide: true,
        position: { epoch: text(row, 1), offset: 0 },
        records: [],
      })),
    );
  }

  async #appendPart(records: readonly NewRecord[], run: Run): Promise<Told> {
    if (records.length === 0) return { appended: [], news: [] };
    const batch = new AppendBatch(records);
    const [row] = await run(batch.careful ? this.#appendNew : this.#append, batch.params);
    if (row === undefined) throw new StoreFault('Postgres: an append was left without an answer');
    const appended = batch.appended(row);
    return { appended, news: batch.news(appended) };
  }

  async #inTransaction(records: readonly NewRecord[], signal: AbortSignal | undefined): Promise<Told> {
    await this.#tables.prepare();
    return this.#tables.db.transaction((session) => this.appendIn(session, records), { signal });
  }
}

function answerAt(answers: readonly (Appended | undefined)[], index: number): Appended {
  const answer = answers[index];
  if (answer === undefined) throw new StoreFault('Postgres: a record was left without an answer');
  return answer;
}
