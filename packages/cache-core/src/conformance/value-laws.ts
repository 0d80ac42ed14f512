import { deepEqual, equal, ok, rejects } from 'node:assert/strict';
import { isParleyError } from '../kernel/errors.ts';
import { gate, inTime, until, withCaches, type CacheHarness } from './cache-harness.ts';
import type { Law } from './law.ts';
import { briefMs } from './store-harness.ts';

const values: readonly unknown[] = [
  0,
  -0,
  1.5,
  Number.MAX_SAFE_INTEGER,
  Number.NaN,
  Infinity,
  false,
  true,
  '',
  'text',
  '\u{1f468}',
  null,
  [],
  {},
  [null, [1]],
  { a: { b: [1, 'x'] } },
  12n,
  new Date(0),
  new Map([[{ k: 1 }, new Set([1])]]),
  new Uint8Array([0, 255]),
  { at: new Date(5), n: Number.NaN },
  'x'.repeat(200_000),
  new Uint8Array(0),
  Uint8Array.from({ length: 256 }, (_, i) => i),
  JSON.parse('{"__proto__": {"polluted": true}}'),
];

/** What goes in comes out, for as long as it was said. */
export const valueLaws: readonly Law<CacheHarness>[] = [
  {
    name: 'every value comes back as it is, in another process too',
    verify: (harness) =>
      withCaches(harness, {}, async (one, two) => {
        await one.mset(values.map((value, i) => [`v${i}`, value] as const));
        for (const [i, value] of values.entries()) deepEqual(await two.get(`v${i}`), value);
        deepEqual(await two.mget(values.map((_, i) => `v${i}`)), values);
        equal(Reflect.get({}, 'polluted'), undefined);
      }),
  },
  {
    name: 'what cannot come back as it is, is refused with the place of the fault',
    verify: (harness) =>
      withCaches(harness, {}, async (one) => {
        class Own {
          readonly member = 1;
        }
        for (const [value, place] of [
          [undefined, 'value'],
          [() => 1, 'value'],
          [{ a: { b: [Symbol('s')] } }, 'value.a.b[0]'],
          [{ a: new Own() }, 'value.a'],
        ] as const) {
          await rejects(
            one.set('k', value),
            (error) => isParleyError(error, 'INVALID_ARGUMENT') && error.field === place,
          );
        }
        equal(await one.get('k'), undefined);
      }),
  },
  {
    name: 'keys that are no keys are refused, hostile ones are kept apart',
    verify: (harness) =>
      withCaches(harness, {}, async (one) => {
        for (const key of ['', 'nul\0', 'lone\ud800', 'k'.repeat(20_000)]) {
          await rejects(one.set(key, 1), (error) => isParleyError(error, 'INVALID_ARGUMENT'));
          await rejects(one.get(key), (error) => isParleyError(error, 'INVALID_ARGUMENT'));
        }
        const keys = [
          'a*',
          'a?',
          'a_',
          'a%',
          '__proto__',
          'a:b',
          'a',
          'constructor',
          'a\\',
          '[a]',
          '{a}',
          "a'",
          ' ',
        ];
        await one.mset(keys.map((key, i) => [key, i] as const));
        equal(await one.mdel(['a*', 'a%']), 2);
        deepEqual(
          await one.mget(keys),
          keys.map((key, i) => (['a*', 'a%'].includes(key) ? undefined : i)),
        );
      }),
  },
  {
    name: 'many callers in two processes share one load',
    verify: (harness) =>
      withCaches(harness, {}, async (one, two) => {
        let loads = 0;
        const { opened, open, entered, enter } = gate();
        const loader = async (): Promise<string> => {
          loads += 1;
          enter();
          await opened;
          return 'loaded';
        };
        const callers = Array.from({ length: 100 }, (_, i) => (i % 2 === 0 ? one : two).get('cold', loader));
        await entered;
        open();
        deepEqual(new Set(await inTime(harness, Promise.all(callers), 'all callers')), new Set(['loaded']));
        equal(loads, 1);
      }),
  },
  {
    name: 'a loader that never ends is left at its limit, and the key is free again',
    verify: (harness) =>
      withCaches(harness, {}, async (one, two) => {
        const aborted = Promise.withResolvers<boolean>();
        const hung = one.get(
          'k',
          ({ signal }) => {
            signal.addEventListener('abort', () => aborted.resolve(true));
            return new Promise<string>(() => {});
          },
          { hardLimit: '300ms' },
        );
        const left = rejects(hung, (error) => isParleyError(error, 'DEADLINE_EXCEEDED'));
        await inTime(harness, left, 'the hard limit');
        ok(await aborted.promise);
        equal(
          await inTime(
            harness,
            two.get('k', () => 'next'),
            'the next load',
          ),
          'next',
        );
      }),
  },
  {
    name: 'an entry is fresh for its ttl, and gone after it, in every process',
    verify: (harness) =>
      withCaches(harness, {}, async (one, two) => {
        await one.set('k', 1, { ttl: briefMs / 1000 });
        equal(await one.get('k'), 1);
        equal(await two.get('k'), 1);
        const left = (await two.ttl('k')) ?? 0;
        ok(left > 0 && left <= (briefMs + harness.toleranceMs) / 1000, `${left} s left`);
        await harness.advance(briefMs + harness.toleranceMs);
        deepEqual(
          [await one.get('k'), await two.get('k'), await one.has('k')],
          [undefined, undefined, false],
        );
      }),
  },
  {
    name: 'within its grace a stale value stands in for a loader that fails',
    verify: (harness) =>
      withCaches(harness, {}, async (one, two) => {
        await one.set('k', 'old', { ttl: 0.2, grace: '30s' });
        await harness.advance(200 + harness.toleranceMs);
        for (const cache of [one, two]) {
          equal(await cache.get('k'), undefined);
          equal(await cache.get('k', () => Promise.reject(new Error('down')), { grace: '30s' }), 'old');
        }
        // The lease of the load that failed may still be on its way back.
        const renew = (): Promise<string> => two.get('k', () => 'new', { ttl: 30, grace: '30s' });
        await until(harness, async () => (await renew()) === 'new', 'the new value');
        await one.delete('k');
        await until(harness, async () => (await two.get('k')) === undefined, 'the deletion to arrive');
        await rejects(
          two.get('k', () => Promise.reject(new Error('down')), { grace: '30s' }),
          /down/,
        );
      }),
  },
  {
    name: 'a bulk load asks the loader once, for what is nowhere',
    verify: (harness) =>
      withCaches(harness, {}, async (one, two) => {
        await two.set('b', 'B');
        const asked: (readonly string[])[] = [];
        const load = async (keys: readonly string[]): Promise<string[]> => {
          asked.push(keys);
          return keys.map((key) => key.toUpperCase());
        };
        deepEqual(await one.getMany(['a', 'b', 'c', 'a'], load), ['A', 'B', 'C', 'A']);
        deepEqual(asked, [['a', 'c']]);
        deepEqual(await two.mget(['a', 'b', 'c']), ['A', 'B', 'C']);
      }),
  },
];
