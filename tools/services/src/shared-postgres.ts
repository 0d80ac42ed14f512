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

export async function sharedPostgres(): Promise<SharedPostgres> {
  const { urls } = await sharedAddress('postgres');
  const admin = postgresAdmin(urls[0] ?? '');
  const { schema, url } = await admin.createSchema(uniqueName());
  const drop = (): Promise<void> => admin.dropSchema(schema);
  return { schema, url, drop, [Symbol.asyncDispose]: drop };
}
