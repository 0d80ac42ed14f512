import { readText, type Queries, type Session } from '@parley/runtime';
import type { Call } from '../chat/chat.ts';
import type { ChatCore } from '../chat/core.ts';
import type { Tables } from '../database/tables.ts';

/** One step looks at so many. */
const most = 5_000;
const beginning = '00000000-0000-0000-0000-000000000000';

/** Releases files whose messages or channels a node deleted that knows of no files, as there may be while a hub is upgraded. */
export class LeftFiles {
  readonly #chat: Pick<ChatCore, 'tables' | 'clock'>;
  #after = beginning;

  constructor(chat: Pick<ChatCore, 'tables' | 'clock'>) {
    this.#chat = chat;
  }

  /** Looks at some, and goes on behind them the next time; from the last one on it begins again. */
  async release(call: Call = {}): Promise<void> {
    const { db } = this.#chat.tables;
    const { last, left } = await this.#look(db, call);
    if (left.length > 0) await db.transaction((session) => this.#release(session, left, call), call);
    this.#after = last ?? beginning;
  }

  /** Whoever sends one of them in this moment holds it: what is seen before it is held may be over. */
  async #release(session: Session, found: readonly string[], call: Call): Promise<void> {
    const { tables, clock } = this.#chat;
    const db = tables.kysely<Tables>(session);
    const held = await db
      .selectFrom('files')
      .select('id')
      .where('id', 'in', found)
      .where('deleted_at', 'is', null)
      .orderBy('id')
      .forNoKeyUpdate()
      .execute();
    const { left } = await this.#look(session, call);
    const still = held.flatMap(({ id }) => (left.includes(id) ? [id] : []));
    if (still.length === 0) return;
    await db.updateTable('files').set({ kept_until: clock.now() }).where('id', 'in', still).execute();
  }

  async #look(
    on: Queries,
    { signal }: Call,
  ): Promise<{ readonly last: string | undefined; readonly left: readonly string[] }> {
    const statement = this.#chat.tables.statement('files_left');
    const { rows } = await on.query(statement, [this.#after, most], { signal });
    const row = rows[0] ?? [];
    const left: string[] = JSON.parse(readText(row, 1));
    return { last: row[0] ?? undefined, left };
  }
}
