import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cacheKeys, requirePrefix } from '../src/keys.ts';
import { slotOf } from '../src/slot.ts';

const keys = cacheKeys('shop:');

test('records and guards of one name are different keys', () => {
  const names = [keys.record('a'), keys.guard('a')];
  expect(new Set(names).size).toBe(2);
  expect(names.every((name) => name.startsWith('shop:'))).toBe(true);
});

test('different keys stay different, whatever braces and signs they have', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom('a', '{', '}', '%', '7', 'D', '2', '5', ':') }),
      fc.string({ unit: fc.constantFrom('a', '{', '}', '%', '7', 'D', '2', '5', ':') }),
      (one, two) => {
        expect(keys.record(one) === keys.record(two)).toBe(one === two);
      },
    ),
  );
});

test('a brace in a key does not decide its slot by a part of the key', () => {
  const slots = new Set(Array.from({ length: 50 }, (_, i) => slotOf(keys.record(`{user}:${i}`))));
  expect(slots.size).toBeGreaterThan(40);
  const closing = new Set(Array.from({ length: 50 }, (_, i) => slotOf(keys.record(`a}${i}`))));
  expect(closing.size).toBeGreaterThan(40);
});

test.each(['a{b', 'a}b', 'a\nb', 'x'.repeat(129), 7])('%j is no prefix', (prefix) => {
  expect(() => requirePrefix('prefix', prefix)).toThrow(/^prefix must be up to 128 characters/);
});
