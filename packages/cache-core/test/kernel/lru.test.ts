import { createLru, InvalidArgument, listenerErrors } from '@parley/cache-core/kernel';
import type { Lru } from '@parley/cache-core/kernel';
import * as fc from 'fast-check';
import { describe, expect, expectTypeOf, it } from 'vitest';

interface Held {
  key: string;
  value: number;
}

/** The plainest LRU that can be: an array, oldest first, and every answer found by looking. */
class Reference {
  held: Held[] = [];
  evicted: string[] = [];
  readonly maxEntries: number;
  readonly maxBytes: number;

  constructor(maxEntries: number, maxBytes: number) {
    this.maxEntries = maxEntries;
    this.maxBytes = maxBytes;
  }

  get bytes(): number {
    return this.held.reduce((sum, { value }) => sum + value, 0);
  }

  peek(key: string): number | undefined {
    return this.held.find((one) => one.key === key)?.value;
  }

  get(key: string): number | undefined {
    const value = this.peek(key);
    if (value !== undefined) this.held = [...this.held.filter((one) => one.key !== key), { key, value }];
    return value;
  }

  set(key: string, value: number): boolean {
    this.delete(key);
    if (value > this.maxBytes) return false;
    this.held.push({ key, value });
    while (this.held.length > this.maxEntries || this.bytes > this.maxBytes) {
      const bound = this.held.length > this.maxEntries ? 'entries' : 'bytes';
      const oldest = this.held.shift();
      if (oldest !== undefined) this.evicted.push(`${oldest.key}=${oldest.value} by ${bound}`);
    }
    return true;
  }

  has(key: string): boolean {
    return this.peek(key) !== undefined;
  }

  clear(): void {
    this.held = [];
  }

  delete(key: string): boolean {
    const before = this.held.length;
    this.held = this.held.filter((one) => one.key !== key);
    return this.held.length < before;
  }
}

type Action = 'set' | 'get' | 'peek' | 'has' | 'delete' | 'clear';

function apply(lru: Lru<string, number> | Reference, action: Action, key: string, value: number): unknown {
  if (action === 'set') return lru.set(key, value);
  return action === 'clear' ? lru.clear() : lru[action](key);
}

describe('an LRU', () => {
  const key = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', '__proto__');
  const operation = fc.oneof(
    { weight: 5, arbitrary: fc.tuple(fc.constant('set' as const), key, fc.nat(12)) },
    {
      weight: 3,
      arbitrary: fc.tuple(
        fc.constantFrom('get' as const, 'peek' as const, 'has' as const),
        key,
        fc.constant(0),
      ),
    },
    { weight: 2, arbitrary: fc.tuple(fc.constant('delete' as const), key, fc.constant(0)) },
    { weight: 1, arbitrary: fc.constant(['clear', '', 0] as const) },
  );

  it('behaves like its reference, after every step', () => {
    fc.assert(
      fc.property(
        fc.array(operation, { maxLength: 60 }),
        fc.integer({ min: 1, max: 6 }),
        fc.oneof(fc.integer({ min: 1, max: 20 }), fc.constant(Infinity)),
        (operations, maxEntries, maxBytes) => {
          const evicted: string[] = [];
          const lru = createLru<string, number>({
            maxEntries,
            maxBytes,
            sizeOf: (value) => value,
            onEvict: (name, value, bound) => evicted.push(`${name}=${value} by ${bound}`),
          });
          const reference = new Reference(maxEntries, maxBytes);
          for (const [action, name, value] of operations) {
            expect(apply(lru, action, name, value)).toBe(apply(reference, action, name, value));
            expect([...lru.entries()]).toEqual(reference.held.map((one) => [one.key, one.value]));
            expect([lru.size, lru.bytes]).toEqual([reference.held.length, reference.bytes]);
            expect(evicted).toEqual(reference.evicted);
          }
        },
      ),
      { numRuns: 1_000 },
    );
  });

  const filled = (...keys: string[]): Lru<string, string> => {
    const lru = createLru<string, string>({ maxEntries: 10 });
    for (const name of keys) lru.set(name, name);
    return lru;
  };

  it('may lose entries, gain entries and reorder them while it is walked', () => {
    const lru = filled('a', 'b', 'c', 'd');
    const seen: string[] = [];
    for (const [name] of lru.entries()) {
      seen.push(name);
      lru.delete(name);
      lru.delete('c');
      lru.get('b');
      if (name === 'a') lru.set('new', 'new');
    }
    expect(seen).toEqual(['a', 'b', 'd']);
    expect([...lru.entries()]).toEqual([['new', 'new']]);
  });

  it('refuses an entry that is larger than the whole, drops the outdated one, and spares the others', () => {
    const lru = createLru<string, string>({ maxEntries: 10, maxBytes: 10, sizeOf: (value) => value.length });
    lru.set('other', 'xxx');
    lru.set('key', 'old');
    expect(lru.set('key', 'x'.repeat(11))).toBe(false);
    expect([...lru.entries()]).toEqual([['other', 'xxx']]);
    expect(lru.bytes).toBe(3);
  });

  it('holds falsy values', () => {
    const lru = createLru<string, unknown>({ maxEntries: 10 });
    for (const value of [0, false, '', null, undefined, Number.NaN]) {
      expect(lru.set('k', value)).toBe(true);
      expect([lru.get('k'), lru.peek('k'), lru.has('k')]).toEqual([value, value, true]);
    }
  });

  it('refuses a size that is no number before anything changes', () => {
    const sizes: Record<string, number> = { good: 1, bad: Number.NaN, worse: -1 };
    const lru = createLru<string, string>({
      maxEntries: 2,
      maxBytes: 10,
      sizeOf: (value) => sizes[value] ?? 0,
    });
    lru.set('k', 'good');
    for (const value of ['bad', 'worse']) expect(() => lru.set('k', value)).toThrow(InvalidArgument);
    expect([lru.get('k'), lru.bytes]).toEqual(['good', 1]);
  });

  it('may be changed by its listener, and survives one that throws', () => {
    const told: string[] = [];
    const stop = listenerErrors.subscribe(({ listener }) => told.push(listener));
    const lru = createLru<string, number>({
      maxEntries: 2,
      onEvict: (name) => {
        lru.delete('b');
        throw new Error(name);
      },
    });
    for (const name of ['a', 'b', 'c']) lru.set(name, 1);
    stop();
    expect(told).toEqual(['onEvict']);
    expect([...lru.entries()]).toEqual([['c', 1]]);
  });

  it('refuses bounds that make no sense', () => {
    for (const options of [
      { maxEntries: 0 },
      { maxEntries: Infinity },
      { maxEntries: 1, maxBytes: 0 },
      { maxEntries: 1, maxBytes: Number.NaN },
    ]) {
      expect(() => createLru(options)).toThrow(InvalidArgument);
    }
  });

  it('has the types of its keys and values', () => {
    expectTypeOf<Lru<string, Date>['get']>().returns.toEqualTypeOf<Date | undefined>();
    expectTypeOf(createLru<number, Date>({ maxEntries: 1 }).entries()).toEqualTypeOf<
      IterableIterator<[number, Date]>
    >();
  });
});
