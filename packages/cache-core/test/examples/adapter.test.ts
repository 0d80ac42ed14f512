// #region laws
import { memoryInvalidation } from '@parley/cache-core';
import { cacheLaws, cacheStoreLaws } from '@parley/cache-core/conformance';
import { systemClock } from '@parley/cache-core/kernel';
import { describe, it } from 'vitest';
import { connectMine, mineStore } from './mine.ts';

const advance = (ms: number) => systemClock.sleep(ms);

describe('mine', () => {
  it.concurrent.each(cacheStoreLaws.map((law) => [law.name, law] as const))('%s', async (_, law) => {
    const data = connectMine();
    await law.verify({ store: mineStore(data), other: mineStore(data), advance, toleranceMs: 50 });
  });

  it.concurrent.each(cacheLaws.map((law) => [law.name, law] as const))('a cache: %s', async (_, law) => {
    const [data, invalidation] = [connectMine(), memoryInvalidation()];
    const first = { store: mineStore(data), invalidation };
    const second = { store: mineStore(data), invalidation };
    await law.verify({ first, second, clock: systemClock, advance, toleranceMs: 50 });
  });
});
// #endregion laws
