import { busInvalidation, createBus } from '@parley/bus';
import { createCache, type Cache } from '@parley/cache-core';
import { until, type Partition } from '@parley/services';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { partedBackends, type PartedBackend } from '../support/parted.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

/** What the documentation says of how long a call waits for its store. */
const storeDeadlineMs = 500;
/** Timers of a busy machine are late. */
const slackMs = 4_000;
/** Many enough to be on every master. */
const names = Array.from({ length: 24 }, (_, i) => `k${i}`);

const codeOf = (error: unknown): unknown => Reflect.get(Object(error), 'code');
const outcomeOf = (call: Promise<unknown>): Promise<unknown> => call.then((value) => ({ value }), codeOf);

describe.each(Object.entries(partedBackends))('%s', (_, start) => {
  let backend: PartedBackend;
  let partition: Partition | undefined;
  let keys: readonly string[];
  const open: AsyncDisposable[] = [];
  beforeAll(async () => {
    backend = await start();
    const held = await Promise.all(names.map((key) => backend.hasEntry(key)));
    keys = names.filter((_, i) => held[i] === true);
  });
  afterEach(async () => {
    await partition?.heal();
    for (const one of open.splice(0).toReversed()) await one[Symbol.asyncDispose]();
    // What was given up here must not come late into the test that follows, which uses the same names.
    await partition?.delivered();
  });
  afterAll(() => backend[Symbol.asyncDispose]());

  function process(side: 'cut' | 'safe'): Cache {
    const { store, broker, ...member } = backend.open(side);
    const bus = createBus({ broker });
    const cache = createCache({ store, invalidation: busInvalidation(bus) });
    open.push(member, { [Symbol.asyncDispose]: () => bus.close({ within: 0 }) });
    open.push({ [Symbol.asyncDispose]: () => cache.close() });
    return cache;
  }
  const hears = (cache: Cache): Promise<boolean> =>
    until(async () => (await cache.health()).checks?.['invalidation']?.status === 'up', { what: 'it hears' });
  const isUp = (cache: Cache): Promise<boolean> =>
    until(async () => (await cache.health()).status === 'up', { what: 'it has found back' });
  /** What the store has. A machine that is too busy for the deadline of a call has it answer as if the store were away, which the figures tell. */
  async function stored(cache: Cache, asked: readonly string[]): Promise<unknown[]> {
    for (let left = 10; ; left -= 1) {
      const { storeErrors } = cache.stats();
      const values = await cache.mget(asked);
      if (left === 0 || cache.stats().storeErrors === storeErrors) return values;
    }
  }

  it('every call settles by its deadline, and once the store is known to be away, at once', async () => {
    const cache = process('cut');
    const other = process('safe');
    await Promise.all([hears(cache), hears(other)]);
    const [key = '', ...others] = keys;
    await other.mset(keys.map((each) => [each, 'stored'] as const));
    partition = await backend.part();
    const calls = (): readonly (readonly [string, Promise<unknown>])[] => [
      ['get', cache.get(key)],
      ['get with a loader', cache.get(key, () => 'loaded')],
      ['entry', cache.entry(key, () => 'loaded')],
      ['set', cache.set(key, 'new')],
      ['delete', cache.delete(key)],
      ['has', cache.has(key)],
      ['ttl', cache.ttl(key)],
      ['touch', cache.touch(key, '1h')],
      ['mget', cache.mget([key, ...others])],
      ['mset', cache.mset([[key, 'new']])],
      ['mdel', cache.mdel([key])],
      ['getMany', cache.getMany([key], (missing) => new Map(missing.map((each) => [each, 'loaded'])))],
      ['invalidateByTag', cache.invalidateByTag('t')],
      ['clear', cache.namespace(`cleared`).clear()],
      ['health', cache.health()],
    ];
    // The first ones find it out, the second ones know. A call may ask the store several times.
    for (const round of ['first', 'second']) {
      const begun = performance.now();
      const outcomes = await Promise.all(
        calls().map(async ([what, call]) => {
          const outcome = await outcomeOf(call);
          return [what, performance.now() - begun < 3 * storeDeadlineMs + slackMs, outcome] as const;
        }),
      );
      for (const [what, inTime] of outcomes) expect([round, what, inTime]).toEqual([round, what, true]);
      const told = new Map(outcomes.map(([what, , outcome]) => [what, outcome]));
      expect(told.get('get with a loader')).toEqual({ value: 'loaded' });
      for (const write of ['set', 'mset', 'delete'])
        expect([write, told.get(write)]).toEqual([write, 'STORE_UNAVAILABLE']);
    }
    const begun = performance.now();
    for (let i = 0; i < 100; i++) expect(await outcomeOf(cache.set(key, i))).toBe('STORE_UNAVAILABLE');
    // But for those that ask whether it is back.
    expect(performance.now() - begun).toBeLessThan(50 * storeDeadlineMs);
    expect(cache.stats().outages).toBeGreaterThan(0);
    await partition.heal();
    await isUp(cache);
    await until(() => cache.set(key, 'after').then(() => true), { what: 'it writes again' });
    await until(async () => (await other.get(key)) === 'after', { what: 'others read it' });
  });

  it('memory and loaders answer in the meantime, and from when it is back what others were acknowledged', async () => {
    const cache = process('cut');
    const other = process('safe');
    await Promise.all([hears(cache), hears(other)]);
    const [changed = '', tagged = '', deleted = '', brief = ''] = keys;
    const kept = keys.slice(0, 4);
    await other.set(changed, 'old');
    await other.set(deleted, 'old');
    await other.set(tagged, 'old', { tags: ['t:1'] });
    const isKept = async (key: string): Promise<boolean> =>
      (await cache.get(key)) === 'old' && (await cache.entry(key))?.source === 'local';
    for (const key of kept.slice(0, 3)) await until(() => isKept(key), { what: `${key} is kept in memory` });
    await other.set(brief, 'old', { ttl: '8s' });
    await cache.get(brief);

    partition = await backend.part();
    await other.set(changed, 'new');
    await other.set(brief, 'new');
    await other.delete(deleted);
    await other.invalidateByTag('t');
    const read = (key: string): Promise<unknown> => cache.get(key, () => 'loaded');
    for (const key of kept) expect(['old', 'loaded']).toContain(await read(key));
    // Nobody can be asked, so that the ttl is what ends it.
    await until(async () => (await read(brief)) === 'loaded', { what: 'its time is over' });

    await partition.heal();
    await isUp(cache);
    expect(await stored(cache, kept)).toEqual(['new', undefined, undefined, 'new']);
    await until(async () => (await other.get(changed)) === 'new', { what: 'others have it in any case' });
    expect(await stored(other, kept)).toEqual(['new', undefined, undefined, 'new']);
  });

  it('a write that was given up and comes late does not bring back what was invalidated by its tag', async () => {
    const cache = process('cut');
    const other = process('safe');
    await Promise.all([hears(cache), hears(other)]);
    const [key = ''] = keys;
    await cache.set(key, 'before', { tags: ['late'] });
    partition = await backend.part();
    expect(await outcomeOf(cache.set(key, 'late', { tags: ['late'] }))).toBe('STORE_UNAVAILABLE');
    await other.invalidateByTag('late');
    await partition.inVain(4);
    await partition.heal();
    await partition.delivered();
    await isUp(cache);
    expect(await Promise.all([cache, other].map((each) => each.get(key)))).toEqual([undefined, undefined]);
  });
});
