import { expect, test } from 'vitest';
import { tableName } from '../../benches/cache/libraries/library.ts';
import { mustEqual, sizes, valueOf } from '../../benches/cache/values.ts';

test.for(sizes)('a value of $bytes bytes is as long as JSON', ({ bytes }) => {
  expect(JSON.stringify(valueOf(7, bytes))).toHaveLength(bytes);
});

test('two values differ', () => {
  expect(valueOf(1, 200)).not.toEqual(valueOf(2, 200));
});

test('a wrong value voids the measurement', () => {
  expect(() => mustEqual({ a: 1 }, { a: 2 })).toThrow('came back as {"a":1}');
  expect(() => mustEqual({ a: 1 }, { a: 1 })).not.toThrow();
});

test('a name of a table is one that Postgres takes, and keeps the end of a long prefix', () => {
  const name = tableName(`bench:${'x'.repeat(80)}:Cache-1:`);
  expect(name).toMatch(/^\w{1,60}$/);
  expect(name).toContain('cache_1_');
});
