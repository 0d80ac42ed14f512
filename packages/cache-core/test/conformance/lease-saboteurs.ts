import type { Saboteurs } from './saboteur.ts';

export const leaseSaboteurs: Saboteurs = {
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
};
