import { deepEqual, equal, ok, rejects } from 'node:assert/strict';
import type { Cache } from '../cache.ts';
import type { Codec } from '../codec.ts';
import { isParleyError } from '../kernel/errors.ts';
import { defineKey } from '../region.ts';
import type { Schema } from '../kernel/schema.ts';
import { withCaches, type CacheHarness } from './cache-harness.ts';
import type { Law } from './law.ts';
import { longMs } from './store-harness.ts';

/** Megabytes take their time on a busy machine, and speed is not what these laws are about. */
const patient = { storeDeadline: '30s', local: false } as const;

const damages: Readonly<Record<string, (bytes: Buffer) => Buffer>> = {
  'one bit of the value is altered': (bytes) => altered(bytes, bytes.length - 2),
  'one bit of the header is altered': (bytes) => altered(bytes, 12),
  'the last byte is missing': (bytes) => bytes.subarray(0, -1),
  'half of it is missing': (bytes) => bytes.subarray(0, bytes.length >> 1),
  'nothing is left': () => Buffer.alloc(0),
  'something follows': (bytes) => Buffer.concat([bytes, Buffer.from('x')]),
  'it is of a later format': (bytes) =>
    Buffer.concat([Buffer.from([bytes.readUInt8(0) + 1]), bytes.subarray(1)]),
  'it is the text of somebody else': () => Buffer.from('{"value":"stored"}'),
};

function altered(bytes: Buffer, at: number): Buffer {
  const copy = Buffer.from(bytes);
  copy.writeUInt8(copy.readUInt8(at) ^ 4, at);
  return copy;
}

interface Named {
  readonly name: string;
}

interface FullyNamed {
  readonly first: string;
  readonly last: string;
}

function having<Value>(...members: readonly string[]): Schema<Value> {
  const fits = (value: unknown): value is Value =>
    typeof value === 'object' && value !== null && members.every((member) => member in value);
  return {
    '~standard': {
      version: 1,
      vendor: 'parley',
      validate: (value) => (fits(value) ? { value } : { issues: [{ message: `needs ${members.join()}` }] }),
    },
  };
}

const reversing: Codec = {
  id: 200,
  encode: (value) => Buffer.from(JSON.stringify(value)).toReversed(),
  decode: (bytes) => JSON.parse(Buffer.from(Buffer.from(bytes).toReversed()).toString()),
};

/** What lies in the store need not be what this program wrote: it may be large, damaged, or of another version. */
export const storedLaws: readonly Law<CacheHarness>[] = [
  {
    name: 'ten megabytes are refused, or come back exactly where they are allowed',
    verify: (harness) =>
      withCaches(harness, patient, async (one, two) => {
        const text = 'ten bytes!'.repeat(1024 * 1024);
        // Bytes that compression does not make smaller.
        const binary = new Uint8Array(text.length);
        for (let i = 0, state = 1; i < binary.length; i++) {
          state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
          binary[i] = state >>> 24;
        }
        await rejects(
          one.set('binary', binary),
          (error) => isParleyError(error, 'INVALID_ARGUMENT') && error.field === 'value',
        );
        equal(await two.has('binary'), false);
        const large = { maxBytes: 32 * 1024 * 1024 };
        await one.mset<unknown>(
          [
            ['text', text],
            ['binary', binary],
          ],
          large,
        );
        const never = (): never => {
          throw new Error('it was not there');
        };
        ok((await two.get<string>('text', never, large)) === text);
        ok(Buffer.compare(await two.get<Uint8Array>('binary', never, large), binary) === 0);
      }),
  },
  {
    name: 'stored bytes that were altered, cut short or come from the future are a counted miss, and are replaced',
    verify: (harness) =>
      withCaches(harness, { ...patient, compressFrom: Infinity }, async (one, two) => {
        const { store } = harness.first;
        await one.set('k', 'stored', { tags: ['t'] });
        const [good] = await store.read(['cache:k']);
        ok(good);
        const lay = (bytes: Uint8Array): Promise<void> =>
          store.write([
            { key: 'cache:k', bytes, version: good.version + 1, freshMs: longMs, keepMs: longMs },
          ]);
        await lay(good.bytes);
        equal(await two.get('k'), 'stored');
        for (const [i, [what, damage]] of Object.entries(damages).entries()) {
          await lay(damage(Buffer.from(good.bytes)));
          equal(await two.get('k'), undefined, what);
          deepEqual(await two.mget(['k']), [undefined], what);
          equal(two.stats().unreadable, 2 * (i + 1) + i, what);
          equal(await two.get('k', () => 'loaded'), 'loaded', what);
          equal(await one.get('k'), 'loaded', what);
        }
      }),
  },
  {
    name: 'two versions of a program share a store: what the other wrote in another form is a miss, never a wrong value',
    verify: (harness) =>
      withCaches(harness, { ...patient }, async (one, two) => {
        const older = one.region(defineKey('user', having<Named>('name')));
        const newer = two.region(defineKey('user', having<FullyNamed>('first', 'last')));
        const loadOlder = (): Named => ({ name: 'Ann Lee' });
        const loadNewer = (): FullyNamed => ({ first: 'Ann', last: 'Lee' });
        for (let round = 1; round <= 3; round++) {
          deepEqual(await older.load('1', loadOlder), loadOlder());
          equal(await newer.get('1'), undefined);
          deepEqual(await newer.load('1', loadNewer), loadNewer());
          deepEqual(await newer.get('1'), loadNewer());
          equal(await older.get('1'), undefined);
        }
        ok(one.stats().schemaMisses >= 3 && two.stats().schemaMisses >= 3);
      }),
  },
  {
    name: 'two versions of a program share a store: bytes of a codec that one does not know are a counted miss for it',
    verify: async (harness) => {
      const read = async (cache: Cache): Promise<unknown> => cache.get('k');
      await withCaches(harness, { ...patient, codec: reversing }, (one) => one.set('k', { a: [1] }));
      await withCaches(harness, patient, async (one) => {
        equal(await read(one), undefined);
        equal(one.stats().unreadable, 1);
      });
      await withCaches(harness, { ...patient, readableCodecs: [reversing] }, async (one, two) => {
        deepEqual(await read(one), { a: [1] });
        await two.set('k', { a: [2] });
        deepEqual(await read(one), { a: [2] });
      });
      await withCaches(harness, { ...patient, codec: reversing }, async (one) =>
        deepEqual(await read(one), { a: [2] }),
      );
    },
  },
];
