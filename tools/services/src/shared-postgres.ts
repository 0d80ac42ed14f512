import { postgresAdmin, type PostgresSchema } from './postgres-admin.ts';
import { sharedAddress, uniqueName } from './shared.ts';

/**
 * A schema of the caller's own on the one server of the test run. Seen by all who share the server, so it is not for faults: those need a
 * server of one's own.
 */
export interface SharedPostgres extends PostgresSchema, AsyncDisposable {
  /** Drops the schema. Only a server that was given from outside would keep it otherwise. */
  drop(): Promise<void>;
}

export interface SharedPostgresOptions {
  /**
   * The schema is in a database of its own, for tests of vacuum and of what pages keep: there an open transaction of anybody else in the
   * database holds back what may be removed.
   */
  readonly ownDatabase?: boolean;
}

export async function sharedPostgres({
  ownDatabase = false,
}: SharedPostgresOptions = {}): Promise<SharedPostgres> {
  const { urls } = await sharedAddress('postgres');
  const server = postgresAdmin(urls[0] ?? '');
  const name = uniqueName();
  const admin = ownDatabase ? postgresAdmin(await server.createDatabase(name)) : server;
  const { schema, url } = await admin.createSchema(name);
  const drop = (): Promise<void> => (ownDatabase ? server.dropDatabase(name) : server.dropSchema(name));
  return { schema, url, drop, [Symbol.asyncDispose]: drop };
}
