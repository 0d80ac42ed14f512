import { memoryCacheStore, type CacheStore } from '@parley/cache-core';

/** Stands for the reader's own server, which two processes share. */
export const connectMine = (): CacheStore => memoryCacheStore();

export const mineStore = (data: CacheStore): CacheStore => ({
  ...data,
  name: 'mine',
  capabilities: { ...data.capabilities, shared: true },
});
