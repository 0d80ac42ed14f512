import { selectAdapter, type AdapterChoice, type Surroundings } from '@parley/cache-core';
import { isParleyError } from '@parley/cache-core/kernel';
import { describe, expect, it } from 'vitest';

// #region truth-table
const table: readonly [
  choice: AdapterChoice | undefined,
  mode: string | undefined,
  redis: boolean,
  database: boolean,
  adapter: string,
][] = [
  // CACHE_ADAPTER, NODE_ENV, REDIS_URL, DATABASE_URL -> adapter
  ['auto', 'production', true, true, 'redis'],
  ['auto', 'production', true, false, 'redis'],
  ['auto', 'production', false, true, 'postgres'],
  ['auto', 'production', false, false, 'embedded'],
  ['auto', 'development', true, true, 'postgres'],
  ['auto', 'development', true, false, 'embedded'],
  ['auto', undefined, true, true, 'postgres'],
  ['auto', undefined, false, false, 'embedded'],
  ['auto', 'test', true, true, 'postgres'],
  ['auto', 'test', true, false, 'embedded'],
  [undefined, 'production', true, true, 'redis'],
  ['redis', 'development', true, false, 'redis'],
  ['redis', 'test', true, true, 'redis'],
  ['redis', 'production', false, true, 'an error'],
  ['database', 'production', true, true, 'postgres'],
  ['database', 'production', true, false, 'an error'],
  ['memory', 'production', true, true, 'memory'],
];
// #endregion truth-table

function adapterIn(surroundings: Surroundings): string {
  try {
    return selectAdapter(surroundings).adapter;
  } catch (error) {
    return isParleyError(error, 'INVALID_ARGUMENT') && error.field === 'CACHE_ADAPTER'
      ? 'an error'
      : 'another error';
  }
}

describe('the adapter', () => {
  it.each(table)(
    'CACHE_ADAPTER=%s NODE_ENV=%s redis=%s database=%s -> %s',
    (choice, mode, hasRedis, hasDatabase, adapter) => {
      expect(adapterIn({ choice, mode, hasRedis, hasDatabase })).toBe(adapter);
    },
  );

  it('is the embedded database when its folder is named, and asked for', () => {
    const surroundings = {
      choice: 'database',
      hasRedis: false,
      hasDatabase: false,
      hasFolder: true,
    } as const;
    expect(adapterIn(surroundings)).toBe('embedded');
    expect(adapterIn({ ...surroundings, hasFolder: false })).toBe('an error');
    expect(adapterIn({ ...surroundings, hasDatabase: true })).toBe('postgres');
  });

  it('warns of production without any server', () => {
    expect(selectAdapter({ mode: 'production', hasRedis: false, hasDatabase: false }).warning).toMatch(
      /DATABASE_URL/,
    );
    expect(selectAdapter({ mode: 'production', hasRedis: false, hasDatabase: true }).warning).toBeUndefined();
  });
});
