import { expect, test } from 'vitest';
import { newId } from '../../src/database/ids.ts';

test('ids are UUIDs of version 7, ordered by time, and never twice', () => {
  const ids = Array.from({ length: 1_000 }, (_, i) => newId(1_700_000_000_000 + i));
  for (const id of ids)
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(ids.toSorted()).toEqual(ids);
  expect(new Set(Array.from({ length: 1_000 }, () => newId(5)))).toHaveProperty('size', 1_000);
});

test('the moment can be read off an id', () => {
  const now = 1_763_712_345_678;
  expect(Number.parseInt(newId(now).replace('-', '').slice(0, 12), 16)).toBe(now);
});
