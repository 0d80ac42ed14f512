import type { Notice } from '@parley/cache-core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeNotice, encodeNotices, forgetAll } from '../../src/cache/notice-codec.ts';

const pairs = fc.array(
  fc.tuple(
    fc.string({ unit: 'binary', maxLength: 300 }),
    fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }),
  ),
  { maxLength: 200 },
);
const notice: fc.Arbitrary<Notice> = fc.record({
  origin: fc.constantFrom('one', 'two', 'a "quoted" ü'),
  keys: pairs,
  guards: pairs,
});

test('every key and guard arrives once for its origin, in payloads that Postgres takes', () => {
  fc.assert(
    fc.property(fc.array(notice, { maxLength: 5 }), (notices) => {
      const payloads = encodeNotices(notices);
      expect(Math.max(0, ...payloads.map((payload) => Buffer.byteLength(payload)))).toBeLessThan(7_999 - 60);
      const decoded = payloads.map(decodeNotice);
      for (const kind of ['keys', 'guards'] as const) {
        for (const origin of new Set(notices.map((one) => one.origin))) {
          const of = (all: readonly (Notice | undefined)[]) =>
            all.flatMap((one) => (one?.origin === origin ? one[kind] : []));
          const [sent, heard] = [of(notices), of(decoded)];
          expect(new Map(heard)).toEqual(new Map(sent));
          expect(heard).toHaveLength(new Map(sent).size);
        }
      }
    }),
  );
});

test('a notice at the edge of a payload is not lost', () => {
  for (let size = 1; size < 200; size++) {
    const keys = Array.from({ length: 400 }, (_, i): [string, number] => [`${i}`.padEnd(size, 'k'), i]);
    const heard = encodeNotices([{ origin: 'o', keys, guards: [] }]).flatMap(
      (p) => decodeNotice(p)?.keys ?? [],
    );
    expect(heard).toEqual(keys);
  }
});

test('what is too long for one payload makes everybody forget everything', () => {
  const keys: [string, number][] = [['"'.repeat(4_000), 1]];
  expect(encodeNotices([{ origin: 'o', keys, guards: [] }])).toEqual([forgetAll]);
  expect(
    encodeNotices([
      { origin: 'o', keys: [['a', 1]], guards: [] },
      { origin: 'p', keys, guards: [] },
    ]),
  ).toEqual([forgetAll]);
});

test('nothing to say is not said', () => {
  expect(encodeNotices([])).toEqual([]);
  expect(encodeNotices([{ origin: 'o', keys: [], guards: [] }])).toEqual([]);
});

test.each([
  forgetAll,
  '',
  'null',
  '{}',
  '[2,"o",[],[]]',
  '[1,7,[],[]]',
  '[1,"o",[["k"]],[]]',
  '[1,"o",[["k",1.5]],[]]',
  '[1,"o",[],{}]',
  '[1,"o",[["k",1]],[]',
])('what cannot be read is no notice: %s', (payload) => {
  expect(decodeNotice(payload)).toBeUndefined();
});
