import type { Notice } from '@parley/cache-core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isFrom, packNotices, readMessage, unpackNotice } from '../../src/cache/notice.ts';

const text = fc.string({ unit: 'binary', minLength: 1, maxLength: 40 });
const entries = fc.array(fc.tuple(text, fc.maxSafeInteger()), { maxLength: 20 });
const notice: fc.Arbitrary<Notice> = fc.record({
  origin: fc.constantFrom('a', 'b'),
  keys: entries,
  guards: entries,
});

/** All that is told, in order, by who tells it. */
function told(notices: readonly Notice[]): unknown {
  return ['a', 'b'].map((origin) => {
    const own = notices.filter((one) => one.origin === origin);
    return [own.flatMap(({ keys }) => keys), own.flatMap(({ guards }) => guards)];
  });
}

test('what is packed comes back, whatever the names are', () => {
  fc.assert(
    fc.property(fc.array(notice, { maxLength: 5 }), (notices) => {
      const back = packNotices(notices).map(unpackNotice);
      expect(back).not.toContain(undefined);
      expect(told(back.flatMap((one) => one ?? []))).toEqual(told(notices));
    }),
  );
});

test('what one origin says in one turn is one message', () => {
  const notices = Array.from({ length: 10 }, (_, i): Notice => ({
    origin: 'a',
    keys: [[`k${i}`, i]],
    guards: [],
  }));
  expect(packNotices(notices)).toHaveLength(1);
});

test('what is too long is several messages, none of them much longer than the bound', () => {
  const keys = Array.from({ length: 20_000 }, (_, i) => [`key:${i}:日本`, i] as const);
  const bodies = packNotices([{ origin: 'a', keys, guards: [['t:x', 1]] }]);
  expect(bodies.length).toBeGreaterThan(5);
  expect(Math.max(...bodies.map((body) => Buffer.byteLength(body)))).toBeLessThan(66_000);
  const back = bodies.map(unpackNotice);
  expect(back.flatMap((one) => one?.keys ?? [])).toEqual(keys);
  expect(back.flatMap((one) => one?.guards ?? [])).toEqual([['t:x', 1]]);
});

test('nothing to say is no message', () => {
  expect(packNotices([{ origin: 'a', keys: [], guards: [] }])).toEqual([]);
});

test.each(['', 'null', '{}', '[1,[],[]]', '["a",[["k"]],[]]', '["a",[["k","1"]],[]]', '["a",{},[]]', '["a"'])(
  'what we did not make, %s, is not read as a notice',
  (body) => {
    expect(unpackNotice(body)).toBeUndefined();
  },
);

test('a message carries its number in its epoch', () => {
  expect(readMessage('12 7 ["a b"]')).toEqual({ epoch: '12', number: 7, body: '["a b"]' });
  for (const foreign of ['', 'hello', '1 x y', 'x 1 y', '1 2']) expect(readMessage(foreign)).toBeUndefined();
});

test('who tells is known without reading the rest', () => {
  const [body = ''] = packNotices([{ origin: 'a"b', keys: [['k', 1]], guards: [] }]);
  expect([isFrom(body, 'a"b'), isFrom(body, 'a'), isFrom(body, 'b'), isFrom('', 'a"b')]).toEqual([
    true,
    false,
    false,
    false,
  ]);
});
