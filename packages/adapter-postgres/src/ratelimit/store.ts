import { parseDuration } from '@parley/cache-core/kernel';
import type { Duration } from '@parley/cache-core/kernel';
import type { Held, Hold, LimitCapabilities, LimitStore, StoreCall } from '@parley/ratelimit';
import type { Database } from '../database.ts';
import { Tables } from '../tables.ts';
import type { TablesOptions } from '../tables.ts';
import { Accounts } from './accounts.ts';
import { Answer } from './answer.ts';
import { Holds, onlyOnce } from './holds.ts';
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
  const [general, levels] = [tables.statement('limit_run'), tables.statement('limit_run_levels')];
  const [reset, hold] = [tables.statement('limit_reset'), tables.statement('limit_hold')];

  const carryOut = async (run: Run, { signal }: StoreCall): Promise<Answer> => {
    const [statement, params] = run.isOfLevels ? [levels, run.levelParams] : [general, run.params];
    return new Answer(await tables.query(statement, params, { signal }));
  };

  const change = async (
    holds: readonly Hold[],
    msOf: (hold: Hold) => number,
    call: StoreCall,
  ): Promise<Held[]> => {
    const asked = new Holds(holds);
    const answer = new Answer(await tables.query(hold, asked.params(msOf), { signal: call.signal }));
    return asked.answers(() => answer.held());
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
      return charges.map(() => answer.peeked());
    },

    async adjust(adjustments, call = {}) {
      if (adjustments.length === 0) return [];
      const run = new Run();
      for (const one of adjustments) run.force(one, one.by);
      const answer = await carryOut(run, call);
      sweeper.charged(adjustments.length);
      return adjustments.map(() => answer.changed());
    },

    async block(blocks, call = {}) {
      if (blocks.length === 0) return [];
      const run = new Run();
      for (const one of blocks) run.block(one, one.forMs);
      const answer = await carryOut(run, call);
      sweeper.charged(blocks.length);
      return blocks.map(() => answer.changed());
    },

    async reset(targets, { signal } = {}) {
      if (targets.length === 0) return;
      const accounts = new Accounts();
      for (const target of targets) accounts.placeOf(target);
      await tables.query(reset, accounts.names, { signal });
    },

    release: async (holds, call = {}) =>
      holds.length === 0 ? [] : onlyOnce(holds, await change(holds, ({ rule }) => -rule.periodMs, call)),

    renew: async (holds, call = {}) =>
      holds.length === 0 ? [] : change(holds, ({ rule }) => rule.periodMs, call),

    health: limitHealth(tables),
    close: () => sweeper.close(),
    [Symbol.asyncDispose]: () => sweeper.close(),
  };
}
