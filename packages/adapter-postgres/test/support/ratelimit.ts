import { setTimeout as sleep } from 'node:timers/promises';
import type { Database } from '@parley/adapter-postgres';
import { postgresLimitStore } from '@parley/adapter-postgres/ratelimit';
import type { LimitStore, Rule, Taken, TakeRequest } from '@parley/ratelimit';
import type { LimitHarness } from '@parley/ratelimit/conformance';
import type { Backend } from './backends.ts';

/** After `limit_`. */
export const limitTables = ['counts', 'entries', 'tokens', 'guards', 'slots'];

export async function emptyLimits({ schema, ...db }: Database): Promise<void> {
  await db.query({
    text: `truncate ${limitTables.map((table) => `${schema}.limit_${table}`).join(', ')}`,
  });
}

/** Puts the clock of limits into the hands of a test, for all who use the database; it goes back as well. Answers what sets it. */
export async function takeClock(db: Database): Promise<(ms: number) => Promise<void>> {
  const { schema } = db;
  await db.query({ text: `create table if not exists ${schema}.test_clock (ms bigint not null)` });
  await db.query({ text: `insert into ${schema}.test_clock values (0)` });
  await db.query({
    text: `create or replace function ${schema}.limit_now() returns bigint language plpgsql volatile as
      $$ begin return (select ms from ${schema}.test_clock); end $$`,
  });
  return async (ms) => {
    await db.query({ text: `update ${schema}.test_clock set ms = $1::bigint` }, [ms]);
  };
}

export const rule = (
  kind: Rule['kind'],
  limit: number,
  periodMs: number,
  more: Partial<Rule> = {},
): Rule => ({
  name: 'r',
  kind,
  limit,
  periodMs,
  burst: limit,
  ...more,
});

export const limitHarness = ({ db, other }: Backend): LimitHarness => ({
  store: postgresLimitStore(db),
  other: postgresLimitStore(other),
  advance: (ms) => sleep(ms),
});

/** Longer than any test takes. */
export const longMs = 3_600_000;

/** One charge by itself. */
export async function takeOne(
  store: LimitStore,
  rule: Rule,
  identity: string,
  { cost = 1, ...more }: Partial<Omit<TakeRequest, 'charges'>> & { readonly cost?: number } = {},
): Promise<Taken> {
  const [taken] = await store.take([{ charges: [{ rule, identity, cost }], holder: 'h', ...more }]);
  if (taken === undefined) throw new Error('it was left without an answer');
  return taken;
}
