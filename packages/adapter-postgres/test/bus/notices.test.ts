import { randomBytes } from 'node:crypto';
import { StoreFault, virtualClock } from '@parley/cache-core/kernel';
import type { Database, Param, Result } from '@parley/adapter-postgres';
import { until } from '@parley/services';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BusTables } from '../../src/bus/bus-tables.ts';
import type { News } from '../../src/bus/news.ts';
import { fits, itemText, packNotices, recordsOf, unpackNotice } from '../../src/bus/notice-codec.ts';
import type { Notice, NoticeItem, StreamItem } from '../../src/bus/notice-codec.ts';
import { NoticeSender } from '../../src/bus/notice-sender.ts';
import { Wakeups } from '../../src/bus/wakeups.ts';
import { failure } from '../support/failure.ts';

const anyItem: fc.Arbitrary<NoticeItem> = fc.oneof(
  fc.tuple(fc.constant('q' as const), fc.string({ unit: 'grapheme' })),
  fc.tuple(
    fc.constant('e' as const),
    fc.string(),
    fc.nat(1),
    fc.string({ unit: 'grapheme', maxLength: 900 }),
  ),
  fc.tuple(fc.constant('s' as const), fc.string(), fc.string(), fc.nat(), fc.nat(1)),
  fc.tuple(
    fc.constant('s' as const),
    fc.string(),
    fc.string(),
    fc.nat(),
    fc.nat(1),
    fc.array(fc.tuple(fc.nat(), fc.nat(), fc.string(), fc.string()), { maxLength: 5 }),
  ),
);

describe('notices', () => {
  test('carry everything in order, each in less than the server takes, and no two are the same', () => {
    fc.assert(
      fc.property(fc.array(anyItem, { maxLength: 60 }), (items) => {
        let number = 0;
        const notices = packNotices('me', items.map(itemText), () => (number += 1));
        for (const notice of notices) expect(Buffer.byteLength(notice)).toBeLessThanOrEqual(7_999);
        expect(new Set(notices).size).toBe(notices.length);
        expect(notices.flatMap((notice) => unpackNotice(notice)?.items ?? [])).toEqual(items);
      }),
    );
  });

  test('of the same signal, over and over, differ: of equal ones the server passes on one', () => {
    let number = 0;
    const items = Array.from({ length: 10 }, () => itemText(['e', 't:c', 0, 'x'.repeat(5_000)]));
    const notices = packNotices('me', items, () => (number += 1));
    expect(new Set(notices).size).toBe(10);
  });

  test('of another version, or of anybody else, cannot be read', () => {
    const item = '["q","x"]';
    expect(unpackNotice(`[1,"me",1,${item}]`)?.items).toHaveLength(1);
    for (const payload of ['', 'x', '{}', `[2,"me",1,${item}]`, `[1,1,1,${item}]`, '[1,"me",1,["z","x"]]'])
      expect(unpackNotice(payload)).toBeUndefined();
    expect(unpackNotice('[1,"me",1,["s","c","e",1,1,[[1,2,"id"]]]]')).toBeUndefined();
  });

  test('what is too large for one is known before', () => {
    expect(fits('me', itemText(['e', 't:c', 0, 'x'.repeat(7_900)]))).toBe(true);
    expect(fits('me', itemText(['e', 't:c', 0, 'x'.repeat(8_000)]))).toBe(false);
    expect(fits('me', itemText(['e', 't:c', 0, '"'.repeat(4_000)]))).toBe(false);
  });
});

/** The texts of an array in the binary form of the protocol. */
function textsOf(array: Buffer): string[] {
  const texts: string[] = [];
  for (let at = 20; at < array.length;) {
    const end = at + 4 + array.readInt32BE(at);
    texts.push(array.toString('utf8', at + 4, end));
    at = end;
  }
  return texts;
}

/** A database that remembers the notices that it was to pass on. */
function remembering(refuse?: () => Error | undefined): {
  readonly db: Database;
  readonly notices: Notice[];
} {
  const notices: Notice[] = [];
  const none: Result = { rows: [], columns: [], command: 'SELECT', count: 0 };
  const query = async (_: unknown, params: readonly Param[] = []): Promise<Result> => {
    const error = refuse?.();
    if (error !== undefined) throw error;
    const [, payloads] = params;
    if (payloads instanceof Uint8Array) {
      for (const payload of textsOf(Buffer.from(payloads))) {
        const notice = unpackNotice(payload);
        if (notice !== undefined) notices.push(notice);
      }
    }
    return none;
  };
  const session = { query, script: async () => {}, release: () => {} };
  const unused = (): never => {
    throw new Error('not used here');
  };
  return {
    notices,
    db: {
      kind: 'postgres',
      schema: 'parley',
      maxConnections: 4,
      clock: virtualClock(),
      query,
      acquire: async () => session,
      transaction: async (work) => work(session),
      listen: unused,
      health: unused,
      close: async () => {},
      [Symbol.asyncDispose]: async () => {},
    },
  };
}

describe('wake-ups', () => {
  const news = (channel: string, offset: number, body = 'x'): News => ({
    channel,
    wide: false,
    position: { epoch: 'e', offset },
    records: [{ offset, at: 1, id: `${offset}`, body }],
  });
  const streamItems = (notices: readonly Notice[]): StreamItem[] =>
    notices.flatMap(({ items }) => items).filter((item) => item[0] === 's');

  function begin() {
    const { db, notices } = remembering();
    const clock = virtualClock();
    const tables = new BusTables(db, { migrate: false });
    const wakeups = new Wakeups(new NoticeSender(tables, 'me'), clock);
    return { clock, notices, wakeups };
  }

  test('go out at once after silence, and together within a burst', async () => {
    const { clock, notices, wakeups } = begin();
    wakeups.logs([news('t:a', 1)]);
    await until(() => notices.length === 1, { what: 'the first is sent' });
    wakeups.logs([news('t:a', 2)]);
    wakeups.logs([news('t:a', 3), news('t:b', 1)]);
    wakeups.queues(['q:x']);
    await clock.advance(4);
    expect(notices).toHaveLength(1);
    await clock.advance(2);
    await until(() => notices.length === 2, { what: 'the rest is sent' });
    expect(
      streamItems(notices).map(([, channel, , offset, , records]) => [channel, offset, records?.length]),
    ).toEqual([
      ['t:a', 1, 1],
      ['t:a', 3, 2],
      ['t:b', 1, 1],
    ]);
    await wakeups.close();
  });

  test('carry records only where all of them fit into one notice', async () => {
    const { notices, wakeups } = begin();
    wakeups.logs([news('t:a', 1, 'y'.repeat(5_000)), news('t:b', 1, randomBytes(2_500).toString('hex'))]);
    await until(() => streamItems(notices).length === 2, { what: 'it is sent' });
    expect(streamItems(notices).flatMap(recordsOf)).toEqual([]);
    await wakeups.close();
  });
});

test('a full queue of notices is a failure that heals', async () => {
  let ready = false;
  const full = new StoreFault('too many notifications in the NOTIFY queue', { evidence: { code: '54000' } });
  const { db } = remembering(() => (ready ? full : undefined));
  const tables = new BusTables(db, { migrate: false });
  await tables.prepare();
  ready = true;
  const sender = new NoticeSender(tables, 'me');
  expect(await failure(sender.signal([{ channel: 't:a', body: 'x', wide: false }]))).toMatchObject({
    code: 'STORE_UNAVAILABLE',
    cause: full,
  });
});
