import { Keyv } from 'keyv';
import { openKeyvStore } from './keyv-stores.ts';
import { hourMs } from './library.ts';
import type { OpenLibrary, Wish } from './library.ts';

/** One store; loads are a `get` and a `set`. */
export async function openKeyv(wish: Wish): Promise<OpenLibrary> {
  const keyv = (await openKeyvStore(wish)) ?? new Keyv();
  keyv.ttl = hourMs;
  const bindLoad: OpenLibrary['bindLoad'] = (key, loader, options) => async () => {
    const known: unknown = await keyv.get(key);
    if (known !== undefined) return known;
    const value = await loader();
    await keyv.set(key, value, options?.ttlMs);
    return value;
  };
  return {
    get: (key) => keyv.get(key),
    set: (key, value, options) => keyv.set(key, value, options?.ttlMs),
    delete: (key) => keyv.delete(key),
    load: (...load) => bindLoad(...load)(),
    bindLoad,
    clear: () => keyv.clear(),
    getMany: (keys) => keyv.getMany([...keys]),
    setMany: (entries) => keyv.setMany(entries.map(([key, value]) => ({ key, value }))),
    deleteMany: (keys) => keyv.deleteMany([...keys]),
    close: () => keyv.disconnect(),
  };
}
