import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeRecord, encodeRecord, expiry } from '../../src/cache/record.ts';

const now = 1_800_000_000_000;

test('a record comes back as it was, with the time it has left', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 200 }),
      fc.maxSafeInteger(),
      fc.integer({ min: 0, max: 1e9 }),
      (bytes, version, freshMs) => {
        const raw = encodeRecord({ key: 'k', bytes, version, freshMs, keepMs: freshMs + 10 }, now);
        const found = decodeRecord(raw, now + 5);
        expect([...(found?.bytes ?? [])]).toEqual([...bytes]);
        expect(found).toMatchObject({ version: version + 0, freshForMs: freshMs - 5 });
      },
    ),
  );
});

test('fresh for ever is fresh for ever', () => {
  const raw = encodeRecord(
    { key: 'k', bytes: Buffer.alloc(0), version: 1, freshMs: Infinity, keepMs: Infinity },
    now,
  );
  expect(decodeRecord(raw, now)?.freshForMs).toBe(Infinity);
});

test('a record whose time is over is none, though its key may still be there for a lease', () => {
  const raw = encodeRecord({ key: 'k', bytes: Buffer.from('x'), version: 1, freshMs: 1, keepMs: 10 }, now);
  expect(decodeRecord(raw, now + 9)).toBeDefined();
  expect(decodeRecord(raw, now + 10)).toBeUndefined();
});

test('whatever else stands under a key is no record, and no crash', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 120 }), (bytes) => {
      expect(decodeRecord(Buffer.from(bytes), now)).toBeUndefined();
    }),
  );
  const raw = encodeRecord({ key: 'k', bytes: Buffer.from('x'), version: 1, freshMs: 1, keepMs: 10 }, now);
  for (let cut = 0; cut < 56; cut++) expect(decodeRecord(raw.subarray(0, cut), now)).toBeUndefined();
  for (const other of [null, undefined, 'text', 7, []]) expect(decodeRecord(other, now)).toBeUndefined();
  raw[2] = 2;
  expect(decodeRecord(raw, now), 'of a later format').toBeUndefined();
});

test('an expiry is what the server takes', () => {
  expect([0, -5, 0.2, 1.2, Infinity].map(expiry)).toEqual([1, 1, 1, 2, 2 ** 48]);
});
