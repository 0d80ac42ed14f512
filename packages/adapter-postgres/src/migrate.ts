import {
  exponentialBackoff,
  InvalidArgument,
  isParleyError,
  ParleyError,
  StoreUnavailable,
} from '@parley/cache-core/kernel';
import type { ErrorContext } from '@parley/cache-core/kernel';
import type { CallOptions, Database, Session } from './database.ts';
import { codeOf } from './errors.ts';
import { kyselyOn } from './kysely.ts';
import { flag } from './rows.ts';
import { requireSchema } from './schema-name.ts';
import { loadMigrations } from './sql-files.ts';
import type { Migration } from './sql-files.ts';
import { ownMigrations } from './sql.ts';

/** The schema in the database and this version of the code do not fit, or this user may not make them fit. Nothing was changed. */
export class MigrationRefused extends ParleyError {
  declare readonly code: 'MIGRATION_REFUSED';
  static {
    Object.defineProperty(this.prototype, 'name', {
      value: 'MigrationRefused',
      configurable: true,
      writable: true,
    });
  }
  constructor(message: string, context: ErrorContext = {}) {
    super(message, { ...context, code: 'MIGRATION_REFUSED' });
  }
}

export interface MigrateOptions extends CallOptions {
  /**
   * The schema of the tables. Migrations of one's own need one of their own.
   *
   * @default that of the database
   */
  readonly schema?: string | undefined;

  /**
   * Migrations of one's own: a folder with files such as `001_first.sql`, `new URL('../sql/migrations/', import.meta.url)`. They are run in
   * the order of their numbers, all in one transaction. A file that was applied once is never changed or removed: the next one changes
   * what it made.
   *
   * @default those of this package
   */
  readonly folder?: URL | undefined;

  /**
   * The schema that the files of `folder` name, as `hub.messages`; it is replaced by `schema`.
   *
   * @default the schema
   */
  readonly writtenFor?: string | undefined;

  /**
   * How long another process may be at it, in milliseconds.
   *
   * @default 30_000
   */
  readonly waitMs?: number;

  /**
   * How long each statement of a migration may take, in milliseconds. One that creates or changes a table may have to wait for those who use it,
   * and one that writes a large table anew takes minutes.
   *
   * @default 60_000
   */
  readonly statementMs?: number;
}

/**
 * Brings the schema to what this version of the code needs: each migration once, however many processes ask at the same time, all of them
 * or none. Answers the names of those that were applied. When there is nothing to do it costs one query and takes no lock.
 */
export async function migrate(db: Database, options: MigrateOptions = {}): Promise<string[]> {
  const schema = requireSchema('schema', options.schema ?? db.schema);
  try {
    return await bringUp(db, schema, options);
  } catch (error) {
    throw codeOf(error) === '42501' ? await lacksRights(db, schema, error) : error;
  }
}

async function bringUp(db: Database, schema: string, options: MigrateOptions): Promise<string[]> {
  const { clock } = db;
  const { waitMs = 30_000, statementMs = 60_000, signal } = options;
  const known = migrationsOf(db, schema, options);
  if (await isCurrent(db, known, { signal })) return [];
  const giveUpAt = clock.monotonic() + waitMs;
  const pause = exponentialBackoff({ baseMs: 20, maxMs: 250, minMs: 5 });
  for (let failures = 1; ; failures++) {
    const applied = await db
      .transaction((session) => attempt(session, known, statementMs), { signal })
      .catch((error: unknown) => {
        if (!wasOvertaken(error)) throw error;
        return undefined;
      });
    if (applied !== undefined) return applied;
    if (clock.monotonic() > giveUpAt) {
      throw new StoreUnavailable(
        `Postgres: another process has been migrating schema ${schema} for ${waitMs} ms`,
      );
    }
    await clock.sleep(pause(failures), { signal });
  }
}

interface Known {
  readonly schema: string;
  readonly migrations: readonly Migration[];
  /** Whose they are, for messages. */
  readonly of: string;
}

function migrationsOf(db: Database, schema: string, { folder, writtenFor }: MigrateOptions): Known {
  if (folder === undefined) return { schema, migrations: ownMigrations(schema), of: 'this package' };
  // One journal cannot keep two lists of numbers apart.
  if (schema === db.schema)
    throw new InvalidArgument('schema', `another one than that of the database`, schema);
  return { schema, migrations: loadMigrations({ folder, schema, writtenFor }), of: 'this application' };
}

async function lacksRights(db: Database, schema: string, cause: unknown): Promise<MigrationRefused> {
  const { rows } = await db.query({
    text: 'select current_user, current_database()',
    operation: 'asking who this is',
  });
  const [[user, database] = []] = rows;
  const words = cause instanceof Error ? ` (${cause.message})` : '';
  return new MigrationRefused(
    `Postgres: user ${user} may not create schema ${schema}, or what belongs into it${words}. Let an administrator of database ${database} run: ` +
      `create schema if not exists ${schema}; grant all on schema ${schema} to ${user}`,
    { cause, evidence: { schema, user } },
  );
}

async function isCurrent(db: Database, known: Known, options: CallOptions): Promise<boolean> {
  const session = await db.acquire(options);
  try {
    return missing(await journal(session, known.schema), known).length === 0;
  } finally {
    session.release();
  }
}

/** Undefined where another process holds the lock. Trying, not waiting: a statement that waits would meet its time limit. */
async function attempt(session: Session, known: Known, statementMs: number): Promise<string[] | undefined> {
  const { schema } = known;
  const lock = `select pg_try_advisory_xact_lock(hashtextextended('parley migrate ' || $1::text, 0))`;
  const { rows } = await session.query({ text: lock, operation: 'locking the migrations' }, [schema]);
  if (!rows.some((row) => flag(row, 0))) return undefined;
  await createSchema(session, schema);
  const todo = missing(await journal(session, schema), known);
  for (const migration of todo) await apply(session, migration, schema, statementMs);
  return todo.map(({ name }) => name);
}

/** Somebody made the schema at the same moment, who did not ask for the lock, or of whom this session had not heard. */
function wasOvertaken(error: unknown): boolean {
  const code = codeOf(error);
  const there = code === '23505' || code === '42P06';
  return there && isParleyError(error) && error.evidence['operation'] === creatingSchema;
}

const creatingSchema = 'creating the schema';

async function createSchema(session: Session, schema: string): Promise<void> {
  const asked = { text: 'select to_regnamespace($1::text) is not null', operation: 'looking for the schema' };
  const { rows } = await session.query(asked, [schema]);
  // Even with "if not exists", creating takes a right that a user of an existing schema need not have.
  if (!rows.some((row) => flag(row, 0))) {
    await session.script(`create schema ${schema}`, { operation: creatingSchema });
  }
  await session.script(
    `create table if not exists ${schema}.migrations (
       number int primary key,
       name text not null,
       checksum text not null,
       applied_at timestamptz not null default now()
     )`,
    { operation: 'creating the table of migrations' },
  );
}

async function apply(
  session: Session,
  migration: Migration,
  schema: string,
  statementMs: number,
): Promise<void> {
  await session.script(`set local statement_timeout = ${statementMs}; ${migration.sql}`, {
    operation: `migration ${migration.name}`,
    timeoutMs: statementMs * 2,
  });
  const { number, name, checksum } = migration;
  await kyselyOn<Tables>(session, schema)
    .insertInto('migrations')
    .values({ number, name, checksum })
    .execute();
}

interface Tables {
  migrations: { readonly number: number; readonly name: string; readonly checksum: string };
}

/** What was applied so far; undefined where nothing ever was. */
async function journal(session: Session, schema: string): Promise<Tables['migrations'][] | undefined> {
  const there = { text: 'select to_regclass($1::text) is not null', operation: 'looking for migrations' };
  const { rows } = await session.query(there, [`${schema}.migrations`]);
  if (!rows.some((row) => flag(row, 0))) return undefined;
  const list = kyselyOn<Tables>(session, schema)
    .selectFrom('migrations')
    .select(['number', 'name', 'checksum']);
  return list.orderBy('number').execute();
}

/** What is to be applied; throws when the database has been where this code has not. */
function missing(
  applied: readonly Tables['migrations'][] | undefined,
  { schema, migrations, of }: Known,
): readonly Migration[] {
  if (applied === undefined) return migrations;
  const byNumber = new Map(migrations.map((migration) => [migration.number, migration]));
  for (const { number, name, checksum } of applied) {
    const ours = byNumber.get(number);
    const evidence = { schema, migration: name };
    if (ours === undefined) {
      throw new MigrationRefused(
        `Postgres: schema ${schema} was migrated by a newer version of ${of} (${name}): update it`,
        { evidence },
      );
    }
    if (ours.checksum !== checksum) {
      throw new MigrationRefused(
        `Postgres: migration ${name} of schema ${schema} is not the one that ${of} contains: it was changed, or is from elsewhere`,
        { evidence },
      );
    }
    byNumber.delete(number);
  }
  return [...byNumber.values()];
}
