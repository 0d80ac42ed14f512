import { expect, test } from 'vitest';
import { readLeaseReply } from '../../src/cache/lease-reply.ts';
import { encodeRecord } from '../../src/cache/record.ts';

const text = (value: number): Buffer => Buffer.from(String(value));

test('the stamp of a lease is the time of its server', () => {
  expect(readLeaseReply([0, text(1_000)], 0, Infinity)).toEqual({ state: 'granted', stamp: 1_000 });
});

test('where the clocks of other servers count too, the stamp is not later than any of them', () => {
  expect(readLeaseReply([0, text(1_000)], 0, 700)).toEqual({ state: 'granted', stamp: 700 });
  expect(readLeaseReply([0, text(1_000)], 0, 0)).toEqual({ state: 'granted', stamp: 0 });
});

test('a lease that is held says for how long, a changed key what it is now', () => {
  expect(readLeaseReply([1, 250], 0, Infinity)).toEqual({ state: 'held', forMs: 250 });
  const raw = encodeRecord({ key: 'k', bytes: Buffer.from('x'), version: 3, freshMs: 10, keepMs: 20 }, 0);
  expect(readLeaseReply([2, raw], 5, Infinity)).toMatchObject({
    state: 'changed',
    record: { version: 3, freshForMs: 5 },
  });
  expect(readLeaseReply([2, null], 5, Infinity)).toEqual({ state: 'changed', record: undefined });
});
