import { readdir } from 'node:fs/promises';
import { PGlite } from '@electric-sql/pglite';

export interface PgliteOptions {
  /** Where the data is kept; opened as it is, or created. Only one process may have it open. @default in memory */
  readonly folder?: string;
}

/** An embedded Postgres in this process, in the style of `PostgresServer`. */
export interface PgliteServer extends AsyncDisposable {
  /** The driver's own object, for the code under test. */
  readonly db: PGlite;
  query<Row>(sql: string, parameters?: readonly unknown[]): Promise<Row[]>;
  /** Several statements at once, without parameters. */
  exec(sql: string): Promise<void>;
  /** Until then it keeps the process alive. Safe to call twice. */
  close(): Promise<void>;
}

/** What initdb makes, kept in memory: a database copied from it opens in a fifth of the time. */
let template: Promise<Blob> | undefined;

async function makeTemplate(): Promise<Blob> {
  const db = await PGlite.create();
  try {
    return await db.dumpDataDir('none');
  } finally {
    await db.close();
  }
}

async function isNew(folder: string): Promise<boolean> {
  return (await readdir(folder).catch(() => [])).length === 0;
}

export async function openPglite({ folder }: PgliteOptions = {}): Promise<PgliteServer> {
  const place = folder === undefined ? {} : { dataDir: folder };
  const content =
    folder === undefined || (await isNew(folder)) ? { loadDataDir: await (template ??= makeTemplate()) } : {};
  const db = await PGlite.create({ ...place, ...content });
  let closed: Promise<void> | undefined;
  const close = (): Promise<void> => (closed ??= db.close());
  return {
    db,
    async query<Row>(sql: string, parameters: readonly unknown[] = []) {
      const { rows } = await db.query<Row>(sql, [...parameters]);
      return rows;
    },
    async exec(sql) {
      await db.exec(sql);
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}
