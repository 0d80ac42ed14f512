type Kept =
  | 'Redis'
  | 'Postgres'
  | 'embedded, in `DATA_DIR`'
  | 'embedded, in memory'
  | 'memory'
  | 'refused: names `REDIS_URL`'
  | 'refused: names `DATABASE_URL`';

/** Undefined: either way. */
export interface Row {
  readonly mode?: 'production' | 'development' | 'test' | undefined;
  readonly choice?: 'auto' | 'redis' | 'database' | 'memory' | undefined;
  readonly redis?: boolean | undefined;
  readonly database?: boolean | undefined;
  readonly dataDir?: boolean | undefined;
  readonly kept: Kept;
  readonly warns?: boolean | undefined;
}

/** Written by hand: the code is held against it, and the documentation shows it. */
export const truthTable: readonly Row[] = [
  { mode: 'production', choice: 'auto', redis: true, kept: 'Redis' },
  { mode: 'production', choice: 'auto', redis: false, database: true, kept: 'Postgres' },
  {
    mode: 'production',
    choice: 'auto',
    redis: false,
    database: false,
    dataDir: true,
    kept: 'embedded, in `DATA_DIR`',
    warns: true,
  },
  {
    mode: 'production',
    choice: 'auto',
    redis: false,
    database: false,
    dataDir: false,
    kept: 'embedded, in memory',
    warns: true,
  },
  { mode: 'development', choice: 'auto', database: true, kept: 'Postgres' },
  { mode: 'development', choice: 'auto', database: false, dataDir: true, kept: 'embedded, in `DATA_DIR`' },
  { mode: 'development', choice: 'auto', database: false, dataDir: false, kept: 'embedded, in memory' },
  { mode: 'test', choice: 'auto', database: true, kept: 'Postgres' },
  { mode: 'test', choice: 'auto', database: false, kept: 'embedded, in memory' },
  { choice: 'redis', redis: true, kept: 'Redis' },
  { choice: 'redis', redis: false, kept: 'refused: names `REDIS_URL`' },
  { choice: 'database', database: true, kept: 'Postgres' },
  { mode: 'production', choice: 'database', database: false, dataDir: true, kept: 'embedded, in `DATA_DIR`' },
  {
    mode: 'development',
    choice: 'database',
    database: false,
    dataDir: true,
    kept: 'embedded, in `DATA_DIR`',
  },
  { mode: 'test', choice: 'database', database: false, dataDir: true, kept: 'embedded, in memory' },
  { choice: 'database', database: false, dataDir: false, kept: 'refused: names `DATABASE_URL`' },
  { choice: 'memory', kept: 'memory' },
];

type KeptInDatabase = Extract<Kept, 'Postgres' | `embedded, ${string}`>;

/** Undefined: either way. */
export interface DatabaseRow {
  readonly mode?: Row['mode'];
  readonly database?: boolean | undefined;
  readonly dataDir?: boolean | undefined;
  readonly kept: KeptInDatabase;
  readonly warns?: boolean | undefined;
}

/** Where the tables of an application are, which no other variable changes. */
export const databaseTable: readonly DatabaseRow[] = [
  { database: true, kept: 'Postgres' },
  { mode: 'production', database: false, dataDir: true, kept: 'embedded, in `DATA_DIR`', warns: true },
  { mode: 'production', database: false, dataDir: false, kept: 'embedded, in memory', warns: true },
  { mode: 'development', database: false, dataDir: true, kept: 'embedded, in `DATA_DIR`' },
  { mode: 'development', database: false, dataDir: false, kept: 'embedded, in memory' },
  { mode: 'test', database: false, kept: 'embedded, in memory' },
];
