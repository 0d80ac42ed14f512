import type { Selection } from '@parley/cache-core';
import { selectAdapters, selectDatabase } from '@parley/runtime';
import { describe, expect, it } from 'vitest';
import { databaseTable, truthTable, type DatabaseRow, type Row } from './documents/truth-table.ts';
import { configOf, problemsOf, told } from './support/config.ts';

const modes = ['production', 'development', 'test'] as const;
const choices = ['auto', 'redis', 'database', 'memory'] as const;
const either = [false, true];

type Combination = { readonly [K in Exclude<keyof Row, 'kept' | 'warns'>]-?: NonNullable<Row[K]> };

const combinations = modes.flatMap((mode) =>
  choices.flatMap((choice) =>
    either.flatMap((redis) =>
      either.flatMap((database) =>
        either.map((dataDir) => ({ mode, choice, redis, database, dataDir }) satisfies Combination),
      ),
    ),
  ),
);

function rowsFor(combination: Combination): Row[] {
  return truthTable.filter(
    ({ mode, choice, redis, database, dataDir }) =>
      [undefined, combination.mode].includes(mode) &&
      [undefined, combination.choice].includes(choice) &&
      [undefined, combination.redis].includes(redis) &&
      [undefined, combination.database].includes(database) &&
      [undefined, combination.dataDir].includes(dataDir),
  );
}

function envOf({ mode, choice, redis, database, dataDir }: Combination): Record<string, string> {
  return {
    NODE_ENV: mode,
    CACHE_ADAPTER: choice,
    ...(redis && { REDIS_URL: 'redis://h' }),
    ...(database && { DATABASE_URL: 'postgres://h/d' }),
    ...(dataDir && { DATA_DIR: '/data' }),
  };
}

function keptBy(env: Record<string, string>): Pick<Row, 'kept' | 'warns'> {
  const problems = problemsOf(env);
  if (problems.length > 0) {
    const missing = /^CACHE_ADAPTER .*? (REDIS_URL|DATABASE_URL),/.exec(problems.join('\n'))?.[1];
    if (missing === undefined) throw new Error(problems.join('\n'));
    return {
      kept: missing === 'REDIS_URL' ? 'refused: names `REDIS_URL`' : 'refused: names `DATABASE_URL`',
    };
  }
  return kept(selectAdapters(configOf(env)).cache);
}

function kept({ adapter, because, warning }: Selection): Pick<Row, 'kept' | 'warns'> {
  const warns = warning === undefined ? {} : { warns: true };
  if (adapter === 'redis') return { kept: 'Redis', ...warns };
  if (adapter === 'postgres') return { kept: 'Postgres', ...warns };
  if (adapter === 'memory') return { kept: 'memory', ...warns };
  return { kept: because.includes('/data') ? 'embedded, in `DATA_DIR`' : 'embedded, in memory', ...warns };
}

describe('the truth table', () => {
  it('has exactly one row for every combination, and none for no combination', () => {
    const wrong = combinations.filter((combination) => rowsFor(combination).length !== 1);
    expect(wrong).toEqual([]);
    const used = new Set(combinations.flatMap(rowsFor));
    expect(used.size).toBe(truthTable.length);
  });

  it.each(combinations)(
    'NODE_ENV=$mode CACHE_ADAPTER=$choice redis:$redis database:$database folder:$dataDir',
    (combination) => {
      const [row] = rowsFor(combination);
      expect({ kept: row?.kept, ...(row?.warns && { warns: true }) }).toEqual(keptBy(envOf(combination)));
    },
  );

  it.each(combinations.filter(({ mode }) => mode === 'development'))(
    'an unset NODE_ENV and a strange one are development: CACHE_ADAPTER=$choice redis:$redis database:$database folder:$dataDir',
    (combination) => {
      const { NODE_ENV: _, ...unset } = envOf(combination);
      const development = keptBy(envOf(combination));
      expect(keptBy(unset)).toEqual(development);
      expect(keptBy({ ...unset, NODE_ENV: 'staging' })).toEqual(development);
    },
  );

  it('an unset CACHE_ADAPTER is auto', () => {
    expect(keptBy({ NODE_ENV: 'production', REDIS_URL: 'redis://h' })).toEqual({ kept: 'Redis' });
  });
});

describe('presence, limits, locks and sessions', () => {
  const usable = combinations.filter((combination) => problemsOf(envOf(combination)).length === 0);

  it.each(usable)(
    'are kept where the cache is: NODE_ENV=$mode CACHE_ADAPTER=$choice redis:$redis database:$database folder:$dataDir',
    (combination) => {
      const { cache, ...others } = selectAdapters(configOf(envOf(combination)));
      const same = { adapter: cache.adapter, because: cache.because };
      expect(others).toEqual({ presence: same, limits: same, locks: same, sessions: same });
    },
  );
});

describe('the table of databases', () => {
  const usable = combinations.filter((combination) => problemsOf(envOf(combination)).length === 0);

  const rowsOf = (combination: Combination): DatabaseRow[] =>
    databaseTable.filter(
      ({ mode, database, dataDir }) =>
        [undefined, combination.mode].includes(mode) &&
        [undefined, combination.database].includes(database) &&
        [undefined, combination.dataDir].includes(dataDir),
    );

  it('has exactly one row for every combination, and none for no combination', () => {
    expect(usable.filter((combination) => rowsOf(combination).length !== 1)).toEqual([]);
    expect(new Set(usable.flatMap(rowsOf)).size).toBe(databaseTable.length);
  });

  it.each(usable.filter((combination) => /Postgres|embedded/.test(keptBy(envOf(combination)).kept)))(
    'is the one of the cache: NODE_ENV=$mode CACHE_ADAPTER=$choice redis:$redis database:$database folder:$dataDir',
    (combination) => {
      const config = configOf(envOf(combination));
      expect(kept(selectDatabase(config)).kept).toBe(kept(selectAdapters(config).cache).kept);
    },
  );

  it.each(usable)(
    'NODE_ENV=$mode CACHE_ADAPTER=$choice redis:$redis database:$database folder:$dataDir',
    (combination) => {
      const [row] = rowsOf(combination);
      const config = configOf(envOf(combination));
      const selected = kept(selectDatabase(config));
      expect(selected).toEqual({ kept: row?.kept, ...(row?.warns && { warns: true }) });
    },
  );

  it.each([
    [
      { NODE_ENV: 'production', REDIS_URL: 'redis://h', DATABASE_URL: 'postgres://h/d' },
      /^the Postgres of DATABASE_URL$/,
    ],
    [{ CACHE_ADAPTER: 'memory', DATA_DIR: '/data' }, /as DATABASE_URL is not set; its data is in \/data$/],
    [{ NODE_ENV: 'test', DATA_DIR: '/data' }, /in memory, as tests keep nothing$/],
  ])('why: %j', (env, because) => {
    expect(selectDatabase(configOf(env)).because).toMatch(because);
  });
});

it.each([
  [{ NODE_ENV: 'production', REDIS_URL: 'redis://h' }, 'NODE_ENV=production and a Redis is configured'],
  [
    { DATA_DIR: '/data' },
    'NODE_ENV=development; the embedded Postgres, as DATABASE_URL is not set; its data is in /data',
  ],
  [{}, /in memory, as DATA_DIR is not set$/],
  [{ NODE_ENV: 'test', DATA_DIR: '/data' }, /in memory, as tests keep nothing$/],
])('why: %j', (env, because) => {
  expect(selectAdapters(configOf(env)).cache.because).toEqual(told(because));
});
