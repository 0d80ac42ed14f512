import type { CacheStore, RecordToWrite } from '@parley/cache-core';
import { internalsOf, type RedisConnection } from '../connection.ts';
import { cacheKeys, requirePrefix } from '../keys.ts';
import { asList, type Command, type KeyedCall, type Lane } from '../lane.ts';
import { Packer, type PackedCommand } from '../packed.ts';
import { loadScript } from '../script.ts';
import { within } from '../within.ts';
import { readLeaseReply } from './lease-reply.ts';
import {
  decodeRecord,
  encodeRecord,
  encodeTimes,
  encodeToken,
  encodeVersion,
  expiry,
  longestExpiry,
  recordForm,
  recordNumbers,
} from './record.ts';

export interface RedisCacheStoreOptions {
  /** Stands before every key. @default the prefix of the connection */
  readonly prefix?: string | undefined;
}

const scripts = {
  write: loadScript('write'),
  remove: loadScript('record', 'remove'),
  touch: loadScript('record', 'touch'),
  lease: loadScript('record', 'lease'),
  fill: loadScript('record', 'fill'),
  release: loadScript('record', 'release'),
  epochs: loadScript('guard', 'epochs'),
  bump: loadScript('guard', 'bump'),
};

/** Up to here one script costs less than its SETs; with more the server spends longer on it than is saved, and holds up everybody else. */
const scriptedBytes = 128 * 1024;

/** Keeps the entries of a cache in Redis, for every process that uses the same prefix. The connection stays the caller's to close. */
export function redisCacheStore(
  connection: RedisConnection,
  options: RedisCacheStoreOptions = {},
): CacheStore {
  const { reads, changes, serverClock } = internalsOf(connection);
  const keys = cacheKeys(requirePrefix('prefix', options.prefix ?? connection.prefix));

  /** The server's clock, which is known unless a connection has just come up. */
  const clockNow = (): number | Promise<number> => {
    const { pending } = serverClock;
    return pending === undefined ? serverClock.now() : pending.then(() => serverClock.now());
  };

  return {
    name: 'redis',
    capabilities: {
      shared: true,
      holds: true,
      maxRecordBytes: 64 * 1024 * 1024,
      maxKeyBytes: 4096,
      maxBatch: 256,
      maxInFlight: 4,
    },

    read: (names, call) =>
      within(names, call, async () => {
        const raw = await readMany(reads, 'read', names.map(keys.record));
        const now = await clockNow();
        return raw.map((value) => decodeRecord(value, now));
      }),

    write: async (records, call) => {
      await within(records, call, async () => {
        await writeMany(changes, keys.record, lastOfEach(records), await clockNow());
        return [];
      });
    },

    remove: (names, call) =>
      within(names, call, async () =>
        (
          await changes.runEach(
            'remove',
            scripts.remove,
            names.map((name) => [keys.record(name)]),
          )
        ).map(isDone),
      ),

    touch: (records, call) =>
      within(records, call, async () => {
        const now = await clockNow();
        const calls = records.map(
          (record) => [keys.record(record.key), encodeTimes(record, now), expiry(record.keepMs)] as const,
        );
        return (await changes.runEach('touch', scripts.touch, calls)).map(isDone);
      }),

    lease: (requests, call) =>
      within(requests, call, async () => {
        const floor = changes.clustered ? serverClock.floorUs() : Infinity;
        const calls = requests.map(
          ({ key, token, ttlMs, seen }) =>
            [keys.record(key), encodeToken(token), expiry(ttlMs), encodeVersion(seen)] as const,
        );
        const replies = await changes.runEach('lease', scripts.lease, calls);
        const now = await clockNow();
        return replies.map((reply) => readLeaseReply(reply, now, floor));
      }),

    fill: (records, call) =>
      within(records, call, async () => {
        const now = await clockNow();
        const calls = records.map(
          (record) =>
            [
              keys.record(record.key),
              encodeToken(record.token),
              encodeRecord(record, now),
              expiry(record.keepMs),
            ] as const,
        );
        return (await changes.runEach('fill', scripts.fill, calls)).map(isDone);
      }),

    release: async (leases, call) => {
      await within(leases, call, () =>
        changes.runEach(
          'release',
          scripts.release,
          leases.map(({ key, token }) => [keys.record(key), encodeToken(token)]),
        ),
      );
    },

    epochs: (guards, { keepMs, signal } = {}) =>
      within(guards, { signal }, async () => {
        const names = guards.map(keys.guard);
        if (keepMs === undefined) return (await readMany(reads, 'read epochs', names)).map(epochOf);
        const keep = expiry(keepMs);
        return (
          await changes.runEach(
            'make epochs',
            scripts.epochs,
            names.map((name) => [name, keep]),
          )
        ).map(epochOf);
      }),

    bump: (guards, { keepMs, signal }) =>
      within(guards, { signal }, async () => {
        const keep = expiry(keepMs);
        const replies = await changes.runEach(
          'raise epochs',
          scripts.bump,
          guards.map((guard) => [keys.guard(guard), keep]),
        );
        return replies.map((reply) => epochOf(reply) ?? 0);
      }),

    health: () => connection.health({ holds: 'cache' }),
  };
}

/** MGET answers what is no string as absent, where GET fails. */
async function readMany(lane: Lane, what: string, names: readonly string[]): Promise<unknown[]> {
  if (!lane.clustered) return asList(await lane.call(what, ['mget', ...names]));
  const replies = await lane.all(
    what,
    names.map((name): Command => ['mget', name]),
  );
  return replies.map((reply) => asList(reply)[0]);
}

async function writeMany(
  lane: Lane,
  nameOf: (key: string) => string,
  records: readonly RecordToWrite[],
  now: number,
): Promise<void> {
  const bytes = records.reduce((sum, record) => sum + recordForm.length + record.bytes.length, 0);
  if (lane.clustered || records.length === 1 || bytes > scriptedBytes) {
    await lane.all(
      'write',
      records.map((record): Command => [
        'set',
        nameOf(record.key),
        encodeRecord(record, now),
        'PX',
        expiry(record.keepMs),
      ]),
    );
    return;
  }
  const one = (record: RecordToWrite): KeyedCall => [
    nameOf(record.key),
    encodeRecord(record, now),
    expiry(record.keepMs),
  ];
  const whole = (): Promise<unknown[]> => lane.runEach('write', scripts.write, records.map(one));
  const packed = packWrites(
    records.map(({ key }) => nameOf(key)),
    records,
    bytes,
    now,
  );
  await (packed === undefined ? whole() : lane.packed('write', packed, whole));
}

function packWrites(
  names: readonly string[],
  records: readonly RecordToWrite[],
  bytes: number,
  now: number,
): PackedCommand | undefined {
  const { sha } = scripts.write;
  const count = records.length;
  const nameBytes = names.reduce((sum, name) => sum + name.length, 0);
  const packer = new Packer(3 + 3 * count, bytes + nameBytes + sha.length + count * longestExpiry);
  packer.text('evalsha');
  packer.text(sha);
  packer.text(String(count));
  for (const name of names) packer.text(name);
  for (const record of records) {
    packer.bytes(recordForm, recordNumbers(record, now), record.bytes);
    packer.text(String(expiry(record.keepMs)));
  }
  return packer.finish('evalsha');
}

/** Redirected commands may overtake one another, so that of two writes of one key only the later one is sent. */
function lastOfEach(records: readonly RecordToWrite[]): readonly RecordToWrite[] {
  const last = new Map(records.map((record) => [record.key, record]));
  return last.size === records.length ? records : [...last.values()];
}

function isDone(reply: unknown): boolean {
  return reply === 1;
}

function epochOf(reply: unknown): number | undefined {
  if (!Buffer.isBuffer(reply)) return undefined;
  const text = reply.toString('latin1');
  return /^\d{1,16}$/.test(text) ? Number(text) : undefined;
}
