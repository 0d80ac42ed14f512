import type { CacheStore, RecordToWrite } from '@parley/cache-core';

/** A store that breaks one promise, and otherwise keeps them as well as it can. */
export type Saboteur = (good: CacheStore) => CacheStore;

const lookalike = (key: string): string =>
  key.replace('__proto__', 'constructor').replace(/[*?%_[\]\\{}]/g, '.');

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

/** For each law, stores that it must catch. */
export const saboteurs: Readonly<Record<string, readonly Saboteur[]>> = {
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
    (good) => ({ ...good, write: (records) => good.write([...records].reverse()) }),
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
  'one caller of many gets the lease of an absent key': [
    (good) => ({ ...good, lease: async (requests) => requests.map(() => ({ state: 'granted', stamp: 1 })) }),
  ],
  'two leases of one key in one batch: the first is granted': [
    (good) => ({
      ...good,
      lease: async (requests) => {
        const replies = await good.lease(requests);
        return requests.map(
          ({ key }) => replies[requests.findIndex((one) => one.key === key)] ?? { state: 'held', forMs: 1 },
        );
      },
    }),
  ],
  'asking again with the same token is granted again, and extends the lease': [
    (good) => ({
      ...good,
      lease: async (requests) =>
        Promise.all(
          requests.map(async (request) => {
            const [reply] = await good.lease([{ ...request, token: `${request.token}-${Math.random()}` }]);
            return reply ?? { state: 'held', forMs: 1 };
          }),
        ),
    }),
    (good) => {
      const asked = new Set<string>();
      return {
        ...good,
        lease: async (requests) => {
          const again = requests.every(({ token }) => asked.has(token));
          for (const { token } of requests) asked.add(token);
          return again ? requests.map(() => ({ state: 'granted', stamp: 1 })) : good.lease(requests);
        },
      };
    },
  ],
  'a lease is no record': [
    (good) => {
      const leased = new Set<string>();
      return {
        ...good,
        lease: (requests) => {
          for (const { key } of requests) leased.add(key);
          return good.lease(requests);
        },
        remove: async (keys) => (await good.remove(keys)).map((had, i) => had || leased.has(keys[i] ?? '')),
      };
    },
  ],
  'a lease ends by itself, and then its token fills nothing': [
    (good) => ({
      ...good,
      lease: (requests) => good.lease(requests.map((one) => ({ ...one, ttlMs: one.ttlMs * 100 }))),
    }),
  ],
  'the holder fills the key once, and the lease is over': [
    (good) => ({
      ...good,
      fill: async (records) => {
        await good.write(records);
        return records.map(() => true);
      },
    }),
    (good) => ({ ...good, fill: async (records) => records.map(() => false) }),
  ],
  'nobody fills without a lease, or with a token of another': [
    (good) => ({
      ...good,
      fill: async (records) => {
        await good.write(records);
        return records.map(() => true);
      },
    }),
  ],
  'removing a key breaks its lease, also when there is no record': [
    (good) => ({
      ...good,
      remove: async (keys) => {
        const found = await good.read(keys);
        await good.remove(keys.filter((_, i) => found[i] !== undefined));
        return found.map((one) => one !== undefined);
      },
    }),
  ],
  'writing a key breaks its lease': [
    (good) => ({
      ...good,
      fill: async (records) => {
        await good.write(records);
        return records.map(() => true);
      },
    }),
  ],
  'a record stays readable under a lease, and is replaced by the fill': [
    (good) => ({
      ...good,
      lease: async (requests) => {
        const replies = await good.lease(requests);
        await Promise.all(
          requests.map(async ({ key, seen, token, ttlMs }) => {
            if (seen === undefined) return;
            await good.remove([key]);
            await good.lease([{ key, token, ttlMs }]);
          }),
        );
        return replies;
      },
    }),
  ],
  'who saw another record, or none, is told what is there now': [
    (good) => ({
      ...good,
      lease: async (requests) => {
        const found = await good.read(requests.map(({ key }) => key));
        return good.lease(requests.map((request, i) => ({ ...request, seen: found[i]?.version })));
      },
    }),
  ],
  'touching a record leaves the lease on it': [
    (good) => ({
      ...good,
      touch: async (records) => {
        const found = await good.read(records.map(({ key }) => key));
        await good.write(
          records.flatMap((record, i) => (found[i] === undefined ? [] : [{ ...record, ...found[i] }])),
        );
        return found.map((one) => one !== undefined);
      },
    }),
  ],
  'releasing ends the lease of that token only, and leaves the record': [
    (good) => ({
      ...good,
      release: async (leases) => void (await good.remove(leases.map(({ key }) => key))),
    }),
    (good) => ({ ...good, release: async () => {} }),
  ],
  'the times of a filled record count from the fill': [
    (good) => ({
      ...good,
      fill: (records) => good.fill(records.map((record) => ({ ...record, keepMs: record.keepMs * 10 }))),
    }),
  ],
  'the stamp of a lease lies between what was bumped before and what is bumped after it': [
    (good) => ({
      ...good,
      lease: async (requests) =>
        (await good.lease(requests)).map((reply) =>
          reply.state === 'granted' ? { ...reply, stamp: reply.stamp / 1000 } : reply,
        ),
    }),
  ],
  'a guard that nobody made has no epoch': [
    (good) => ({ ...good, epochs: (guards) => good.epochs(guards, { keepMs: 60_000 }) }),
  ],
  'a guard is made once, and all see the same epoch': [
    (good) => ({
      ...good,
      epochs: async (guards, options) =>
        options?.keepMs === undefined ? good.epochs(guards) : good.bump(guards, { keepMs: options.keepMs }),
    }),
  ],
  'a made epoch counts as never bumped, a bumped one as bumped': [
    (good) => ({
      ...good,
      bump: async (guards, options) => (await good.bump(guards, options)).map((epoch) => epoch + 1),
    }),
  ],
  'bumping raises the epoch for all, each time': [
    (good) => ({
      ...good,
      bump: async (guards, options) => (await good.epochs(guards, options)).map((epoch) => epoch ?? 0),
    }),
  ],
  'of many bumps at once none gets an epoch twice': [
    (good) => {
      const local = new Map<string, Promise<number[]>>();
      return {
        ...good,
        bump: (guards, options) => {
          const name = guards[0] ?? '';
          const running = local.get(name) ?? good.bump(guards, options);
          local.set(name, running);
          return running;
        },
      };
    },
  ],
  'a guard that was lost and made anew gets a higher epoch than it ever had': [
    (good) => {
      // Counts from one, as INCR does.
      const counting = new Map<string, number>();
      const shrink = (guard: string, epoch: number | undefined): number | undefined => {
        if (epoch === undefined) return undefined;
        counting.set(guard, 2);
        return counting.get(guard);
      };
      return {
        ...good,
        epochs: async (guards, options) =>
          (await good.epochs(guards, options)).map((epoch, i) => shrink(guards[i] ?? '', epoch)),
      };
    },
  ],
  'a guard is kept for as long as the longest that was asked for': [
    (good) => ({
      ...good,
      epochs: async (guards, options) => {
        if (options?.keepMs === undefined || options.keepMs > 1000) return good.epochs(guards, options);
        await good.bump(guards, { keepMs: options.keepMs });
        return good.epochs(guards);
      },
    }),
  ],
  'guards of hostile names do not touch one another': [
    (good) => ({
      ...good,
      epochs: (guards, options) => good.epochs(guards.map(lookalike), options),
      bump: (guards, options) => good.bump(guards.map(lookalike), options),
    }),
  ],
  'a guard and a record of one name are two things': [
    (good) => ({
      ...good,
      bump: async (guards, options) => {
        await good.write(
          guards.map((key) => ({
            key,
            bytes: new Uint8Array(1),
            version: 1,
            freshMs: 60_000,
            keepMs: 60_000,
          })),
        );
        return good.bump(guards, options);
      },
    }),
  ],
};
