import { parseDuration } from '@parley/cache-core/kernel';
import type { Duration } from '@parley/cache-core/kernel';
import type { Hold, LimitCapabilities, LimitStore, StoreCall } from '@parley/ratelimit';
import { integerArray } from '../arrays.ts';
import type { Database } from '../database.ts';
import { Tables } from '../tables.ts';
import type { TablesOptions } from '../tables.ts';
import { Accounts } from './accounts.ts';
import { Answer } from './answer.ts';
import { Held } from './held.ts';
import { limitHealth } from './limit-health.ts';
import { LimitSweeper } from './limit-sweeper.ts';
import { Run } from './run.ts';

export interface PostgresLimitStoreOptions extends TablesOptions {
  /**
   * How often a process looks for what has ended besides the looks that come with charging.
   *
   * @default '1m'
   */
  readonly sweepEvery?: Duration | undefined;
}

export interface PostgresLimitStore extends LimitStore, AsyncDisposable {
  /** Ends the sweeping of this process. The database stays open. */
  close(): Promise<void>;
}

const capabilitiesOf = ({ kind }: Database): LimitCapabilities => ({
  // What is embedded has one process for itself.
  shared: kind === 'postgres',
  allOrNone: 'always',
  maxBatch: 1_000,
});

/**
 * Limits in tables of a Postgres server or of an embedded one. Nothing is done before the first call.
 *
 * A crash of the server and a failover empty the counts and forget the tokens: whoever comes then finds the whole of a limit, once for each
 * time that it happens. Blocks and slots of `concurrency` outlive a crash, and a failover as far as the standby had received them.
 */
export function postgresLimitStore(
  db: Database,
  options: PostgresLimitStoreOptions = {},
): PostgresLimitStore {
  const tables = new Tables(db, options);
  const everyMs = parseDuration(options.sweepEvery ?? '1m', { field: 'sweepEvery', min: 100 });
  const sweeper = new LimitSweeper(tables, { everyMs });
  const statement = tables.statement('limit_run');
  const [block, reset, hold] = [
    tables.statement('limit_block'),
    tables.statement('limit_reset'),
    tables.statement('limit_hold'),
  ];

  const carryOut = async (run: Run, { signal }: StoreCall): Promise<Answer> =>
    new Answer(await tables.query(statement, run.params, { signal }));

  const change = async (
    holds: readonly Hold[],
    msOf: (hold: Hold) => number,
    call: StoreCall,
  ): Promise<Held> => {
    const held = new Held(holds);
    held.read(await tables.query(hold, held.params(msOf), { signal: call.signal }));
    return held;
  };

  return {
    name: db.kind,
    prefix: tables.schema,
    capabilities: capabilitiesOf(db),

    async take(requests, call = {}) {
      if (requests.length === 0) return [];
      const run = new Run();
      for (const request of requests) run.take(request);
      const answer = await carryOut(run, call);
      sweeper.charged(run.size);
      return requests.map(({ charges }) => answer.taken(charges.length));
    },

    async peek(charges, call = {}) {
      if (charges.length === 0) return [];
      const run = new Run();
      for (const charge of charges) run.look(charge);
      const answer = await carryOut(run, call);
      return charges.map(() => ({ ...answer.standing(), at: answer.at }));
    },

    async adjust(adjustments, call = {}) {
      if (adjustments.length === 0) return [];
      const run = new Run();
      for (const { rule, identity, by } of adjustments) {
        run.force({ rule, identity }, by);
        run.look({ rule, identity, cost: 1 });
      }
      const answer = await carryOut(run, call);
      sweeper.charged(adjustments.length);
      return adjustments.map(() => {
        answer.standing();
        return answer.standing();
      });
    },

    async block(blocks, { signal } = {}) {
      if (blocks.length === 0) return;
      const accounts = new Accounts();
      const owners = integerArray(blocks.map((one) => accounts.placeOf(one)));
      const times = integerArray(blocks.map(({ forMs }) => forMs));
      await tables.query(block, [...accounts.names, owners, times], { signal });
      sweeper.charged(blocks.length);
    },

    async reset(targets, { signal } = {}) {
      if (targets.length === 0) return;
      const accounts = new Accounts();
      for (const target of targets) accounts.placeOf(target);
      await tables.query(reset, accounts.names, { signal });
    },

    async release(holds, call = {}) {
      if (holds.length === 0) return [];
      const held = await change(holds, () => 0, call);
      // Asked twice for one: the second time it was given back.
      return holds.map((one) => held.forget(one));
    },

    async renew(holds, call = {}) {
      if (holds.length === 0) return [];
      const held = await change(holds, ({ rule }) => rule.periodMs, call);
      return holds.map((one) => held.had(one));
    },

    health: limitHealth(tables),
    close: () => sweeper.close(),
    [Symbol.asyncDispose]: () => sweeper.close(),
  };
}
