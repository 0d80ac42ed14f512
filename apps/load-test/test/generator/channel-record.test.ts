import { expect, it } from 'vitest';
import { ChannelRecord } from '../../src/generator/channel-record.ts';

it('whoever is shown another message in a place is found', () => {
  const record = new ChannelRecord();
  expect(record.note(5, 100)).toBe(true);
  expect(record.note(5, 100)).toBe(true);
  expect(record.note(5, 101)).toBe(false);
  expect(record.note(6, 0)).toBe(true);
  expect(record.note(6, 7)).toBe(false);
});

it('grows, and tells what it knows and what it does not', () => {
  const record = new ChannelRecord();
  record.note(1, 10);
  record.note(5_000, 20);
  const numbers = record.numbers();
  expect(numbers).toHaveLength(5_001);
  expect([numbers[1], numbers[2], numbers[4_999], numbers[5_000]]).toEqual([10, -1, -1, 20]);
});
