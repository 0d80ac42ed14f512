import type { CacheStore, RecordToWrite } from '@parley/cache-core';
import { lookalike, type Saboteur, type Saboteurs } from './saboteur.ts';

const renamed = (good: CacheStore, rename: (key: string) => string): CacheStore => ({
  ...good,
  read: (keys) => good.read(keys.map(rename)),
  write: (records) => good.write(records.map((record) => ({ ...record, key: rename(record.key) }))),
  remove: (keys) => good.remove(keys.map(rename)),
});

/** Writes that go around what the good store does with leases and times. */
const plainWrites = (change: (record: RecordToWrite) => RecordToWrite): Saboteur => {
  return (good) => ({ ...good, write: (records) => good.write(records.map(change)) });
};

export const recordSaboteurs: Saboteurs = {
  'bytes come back as they were written, in the order of the keys': [
    (good) => ({
      ...good,
      read: async (keys) => (await good.read(keys)).filter((record) => record !== undefined),
    }),
    plainWrites((record) => ({ ...record, bytes: record.bytes.map((byte) => byte & 0x7f) })),
  ],
  'a record may be empty, and may be large': [
    (good) => ({
      ...good,
      read: async (keys) => (await good.read(keys)).map((one) => (one?.bytes.length ? one : undefined)),
    }),
    plainWrites((record) => ({ ...record, bytes: record.bytes.slice(0, 65_535) })),
  ],
  'what is written is seen by another process': [(good) => ({ ...good, write: async () => {} })],
  'a version may be any safe integer': [
    plainWrites((record) => ({ ...record, version: Math.fround(record.version) })),
  ],
  'the later write of a key stays, also within one batch': [
    (good) => ({ ...good, write: (records) => good.write(records.toReversed()) }),
  ],
  'hostile keys are keys like any other': [
    (good) => renamed(good, lookalike),
    (good) => renamed(good, (key) => key.slice(0, 255)),
  ],
  'removing tells which keys had a record': [
    (good) => ({ ...good, remove: async (keys) => (await good.remove(keys)).map(() => true) }),
  ],
  'a record goes stale at freshMs and is gone at keepMs': [
    plainWrites((record) => ({ ...record, keepMs: record.keepMs * 10 })),
    plainWrites((record) => ({ ...record, freshMs: record.keepMs })),
    plainWrites((record) => ({ ...record, keepMs: record.freshMs })),
  ],
  'the time of a record written anew is its own': [
    (good) => {
      const first = new Map<string, number>();
      return {
        ...good,
        write: (records) =>
          good.write(
            records.map((record) => {
              const keepMs = first.get(record.key) ?? record.keepMs;
              first.set(record.key, keepMs);
              return { ...record, keepMs };
            }),
          ),
      };
    },
  ],
  'an expired record that is written anew survives those who found it expired': [
    (good) => ({
      ...good,
      read: async (keys) => {
        const found = await good.read(keys);
        await Promise.resolve();
        const gone = keys.filter((_, i) => found[i] === undefined);
        if (gone.length > 0) await good.remove(gone);
        return found;
      },
    }),
  ],
  'touching gives a record new times and leaves its bytes and version': [
    (good) => ({
      ...good,
      touch: async (records) =>
        (await good.read(records.map(({ key }) => key))).map((one) => one !== undefined),
    }),
    (good) => ({ ...good, touch: async (records) => (await good.touch(records)).map(() => true) }),
  ],
  'a batch of a thousand is answered in order': [
    (good) => ({ ...good, write: (records) => good.write(records.slice(0, 500)) }),
    (good) => ({ ...good, read: async (keys) => await good.read([...keys].sort()) }),
  ],
  'nothing is asked of an empty batch': [
    (good) => ({
      ...good,
      bump: good.bump,
      read: (keys) =>
        keys.length === 0 ? Promise.reject(new Error('wrong number of arguments')) : good.read(keys),
    }),
    (good) => ({
      ...good,
      release: (leases) =>
        leases.length === 0 ? Promise.reject(new Error('syntax error')) : good.release(leases),
    }),
  ],
  'health says that it is up': [(good) => ({ ...good, health: async () => ({ status: 'down', since: 0 }) })],
};
