import { deepEqual, equal, ok } from 'node:assert/strict';
import type { Law } from './law.ts';
import { briefMs, longMs, readText, record, textOf, type CacheStoreHarness } from './store-harness.ts';

/** Names that somebody's pattern, template or prototype might take for something else. */
const hostileKeys = [
  'ns:*',
  'ns:a?b',
  'ns:[ab]',
  'ns:a_b',
  'ns:aXb',
  'ns:50%',
  'ns:back\\slash',
  'ns:__proto__',
  'ns:constructor',
  'ns:{tag}',
  'ns:{',
  'ns:}{',
  "ns:'; drop table x --",
  'ns:"quoted"',
  'ns:line$1',
  'ns:ünïcödé',
  'ns:日本',
  'ns:👩‍👩‍👧',
  'ns:a:b:c',
  'ns: spaces ',
  `ns:${'k'.repeat(600)}`,
  `ns:${'k'.repeat(599)}x`,
];

export const recordLaws: readonly Law<CacheStoreHarness>[] = [
  {
    name: 'bytes come back as they were written, in the order of the keys',
    async verify({ store }) {
      const every = Uint8Array.from({ length: 256 }, (_, i) => i);
      await store.write([
        record('ns:a', '', { bytes: every, version: 7 }),
        record('ns:b', 'two', { version: 8 }),
      ]);
      const found = await store.read(['ns:b', 'ns:none', 'ns:a']);
      equal(found.length, 3);
      equal(textOf(found[0]?.bytes), 'two');
      equal(found[1], undefined);
      deepEqual([...(found[2]?.bytes ?? [])], [...every]);
      deepEqual([found[0]?.version, found[2]?.version], [8, 7]);
    },
  },
  {
    name: 'a record may be empty, and may be large',
    async verify({ store }) {
      const large = new Uint8Array(1_000_000).fill(171);
      await store.write([record('ns:empty', ''), record('ns:large', '', { bytes: large })]);
      const [empty, back] = await store.read(['ns:empty', 'ns:large']);
      equal(empty?.bytes.length, 0);
      equal(back?.bytes.length, large.length);
      ok(back?.bytes.every((byte) => byte === 171));
    },
  },
  {
    name: 'what is written is seen by another process',
    async verify({ store, other }) {
      await store.write([record('ns:a', 'one')]);
      equal(await readText(other, 'ns:a'), 'one');
      await other.remove(['ns:a']);
      equal(await readText(store, 'ns:a'), undefined);
    },
  },
  {
    name: 'a version may be any safe integer',
    async verify({ store }) {
      await store.write([
        record('ns:a', 'x', { version: Number.MAX_SAFE_INTEGER }),
        record('ns:b', 'x', { version: 1 }),
      ]);
      const found = await store.read(['ns:a', 'ns:b']);
      deepEqual(
        found.map((one) => one?.version),
        [Number.MAX_SAFE_INTEGER, 1],
      );
    },
  },
  {
    name: 'the later write of a key stays, also within one batch',
    async verify({ store }) {
      await store.write([record('ns:a', 'one'), record('ns:b', 'other'), record('ns:a', 'two')]);
      equal(await readText(store, 'ns:a'), 'two');
      await store.write([record('ns:a', 'three')]);
      equal(await readText(store, 'ns:a'), 'three');
    },
  },
  {
    name: 'hostile keys are keys like any other',
    async verify({ store }) {
      await store.write(hostileKeys.map((key, i) => record(key, String(i))));
      const found = await store.read(hostileKeys);
      deepEqual(
        found.map((one) => textOf(one?.bytes)),
        hostileKeys.map((_, i) => String(i)),
      );
      for (const [i, key] of hostileKeys.entries()) {
        deepEqual(await store.remove([key]), [true], `removing ${key}`);
        const left = await store.read(hostileKeys);
        equal(
          left.filter((one) => one !== undefined).length,
          hostileKeys.length - i - 1,
          `after removing ${key}`,
        );
      }
    },
  },
  {
    name: 'removing tells which keys had a record',
    async verify({ store }) {
      await store.write([record('ns:a', 'one')]);
      deepEqual(await store.remove(['ns:none', 'ns:a']), [false, true]);
      deepEqual(await store.remove(['ns:a']), [false]);
      equal(await readText(store, 'ns:a'), undefined);
    },
  },
  {
    name: 'a record goes stale at freshMs and is gone at keepMs',
    async verify({ store, advance, toleranceMs }) {
      await store.write([record('ns:a', 'one', { freshMs: briefMs, keepMs: 3 * briefMs })]);
      const [fresh] = await store.read(['ns:a']);
      ok(
        fresh !== undefined && fresh.freshForMs > 0 && fresh.freshForMs <= briefMs + toleranceMs,
        `fresh for ${fresh?.freshForMs} ms`,
      );
      await advance(briefMs + toleranceMs);
      const [stale] = await store.read(['ns:a']);
      ok(stale !== undefined && stale.freshForMs <= 0, `stale, yet fresh for ${stale?.freshForMs} ms`);
      await advance(2 * briefMs + toleranceMs);
      equal(await readText(store, 'ns:a'), undefined);
      deepEqual(await store.remove(['ns:a']), [false]);
    },
  },
  {
    name: 'the time of a record written anew is its own',
    async verify({ store, advance, toleranceMs }) {
      await store.write([record('ns:a', 'brief', { freshMs: briefMs, keepMs: briefMs })]);
      await store.write([record('ns:a', 'long')]);
      await advance(briefMs + toleranceMs);
      equal(await readText(store, 'ns:a'), 'long');
    },
  },
  {
    name: 'an expired record that is written anew survives those who found it expired',
    async verify({ store, other, advance, toleranceMs }) {
      await store.write([record('ns:a', 'old', { freshMs: briefMs, keepMs: briefMs })]);
      await advance(briefMs + toleranceMs);
      const readers = Array.from({ length: 20 }, (_, i) => (i % 2 === 0 ? store : other).read(['ns:a']));
      await Promise.all([
        ...readers,
        store.write([record('ns:a', 'new')]),
        ...readers.map(() => other.read(['ns:a'])),
      ]);
      equal(await readText(store, 'ns:a'), 'new');
    },
  },
  {
    name: 'touching gives a record new times and leaves its bytes and version',
    async verify({ store, advance, toleranceMs }) {
      await store.write([record('ns:a', 'one', { freshMs: briefMs, keepMs: briefMs, version: 5 })]);
      deepEqual(
        await store.touch([
          { key: 'ns:a', freshMs: longMs, keepMs: 2 * longMs },
          { key: 'ns:none', freshMs: longMs, keepMs: longMs },
        ]),
        [true, false],
      );
      await advance(briefMs + toleranceMs);
      const [found] = await store.read(['ns:a']);
      equal(textOf(found?.bytes), 'one');
      equal(found?.version, 5);
      ok((found?.freshForMs ?? 0) > longMs - 10_000);
      await store.touch([{ key: 'ns:a', freshMs: briefMs, keepMs: briefMs }]);
      await advance(briefMs + toleranceMs);
      equal(await readText(store, 'ns:a'), undefined);
    },
  },
  {
    name: 'a batch of a thousand is answered in order',
    async verify({ store }) {
      const size = Math.min(1000, store.capabilities.maxBatch);
      const keys = Array.from({ length: size }, (_, i) => `ns:many:${i}`);
      await store.write(keys.map((key, i) => record(key, String(i))));
      const found = await store.read(keys);
      deepEqual(
        found.map((one) => textOf(one?.bytes)),
        keys.map((_, i) => String(i)),
      );
    },
  },
  {
    name: 'nothing is asked of an empty batch',
    async verify({ store }) {
      deepEqual(await store.read([]), []);
      deepEqual(await store.remove([]), []);
      deepEqual(await store.touch([]), []);
      deepEqual(await store.lease([]), []);
      deepEqual(await store.fill([]), []);
      deepEqual(await store.epochs([]), []);
      await store.write([]);
      await store.release([]);
    },
  },
  {
    name: 'health says that it is up',
    async verify({ store }) {
      equal((await store.health()).status, 'up');
    },
  },
];
