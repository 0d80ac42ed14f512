import type { Session } from '@parley/runtime';
import { z } from 'zod';
import { BackupRefused } from './backup-refused.ts';
import { columnsOf } from './columns.ts';
import { isBackupTable, leftOut } from './layout.ts';

const columnsSchema = z.object({ of: z.string(), columns: z.array(z.string()).min(1) });

/** As many at a time as are added in moderate time, and are no burden to memory. */
const mostRows = 500;
const mostLetters = 1_000_000;

/** Adds rows as they are in the backup: what they say is never read here, so that no number and no text becomes another one. */
export class RowLoader {
  readonly #session: Session;
  readonly #schema: string;
  #table = '';
  #columns: readonly string[] = [];
  #waiting: string[] = [];
  #letters = 0;
  #rows = 0;

  constructor(session: Session, schema: string) {
    this.#session = session;
    this.#schema = schema;
  }

  get rows(): number {
    return this.#rows;
  }

  /** `{"columns": [...], "of": "users"}` */
  async begin(text: string, where: string): Promise<void> {
    const { of: table, columns } = readColumns(text, where);
    if (!isBackupTable(table)) throw new BackupRefused(`${where} is of a table that is not known: ${table}`);
    const known = await columnsOf(this.#session, this.#schema, table);
    const strange = columns.find((name) => !known.includes(name) || leftOut[table]?.includes(name) === true);
    if (strange !== undefined) throw new BackupRefused(`${where} has a column that is not known: ${strange}`);
    this.#table = table;
    this.#columns = columns;
    // Those that the entries of the log just put there.
    if (table === 'audit_unsealed') await this.#run(`delete from ${this.#schema}.audit_unsealed`);
  }

  /** `{"table":"users","row":{...}}` */
  async row(text: string, where: string): Promise<void> {
    const head = `{"table":"${this.#table}","row":`;
    if (this.#table === '' || !text.startsWith(head) || !text.endsWith('}'))
      throw new BackupRefused(`${where} is not a row of the table at hand`);
    const row = text.slice(head.length, -1);
    this.#waiting.push(row);
    this.#letters += row.length;
    this.#rows += 1;
    if (this.#waiting.length >= mostRows || this.#letters >= mostLetters) await this.flush();
  }

  async flush(): Promise<void> {
    if (this.#waiting.length === 0) return;
    const rows = `[${this.#waiting.join(',')}]`;
    this.#waiting = [];
    this.#letters = 0;
    const place = `${this.#schema}.${this.#table}`;
    const names = this.#columns.join(', ');
    await this.#run(
      `insert into ${place} (${names}) select ${names} from jsonb_populate_recordset(null::${place}, $1::jsonb)`,
      rows,
    );
  }

  async #run(text: string, ...params: readonly string[]): Promise<void> {
    try {
      await this.#session.query({ text, operation: `restoring ${this.#table}` }, params);
    } catch (cause) {
      throw new BackupRefused(`its rows of ${this.#table} were not accepted`, cause);
    }
  }
}

function readColumns(text: string, where: string): z.output<typeof columnsSchema> {
  try {
    return columnsSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new BackupRefused(`${where} is not what it should be`, cause);
  }
}
