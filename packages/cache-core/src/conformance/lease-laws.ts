import { deepEqual, equal, notEqual, ok } from 'node:assert/strict';
import type { LeaseReply } from '../store.ts';
import type { Law } from './law.ts';
import {
  briefMs,
  leaseOne,
  longMs,
  readText,
  record,
  skewMs,
  textOf,
  type CacheStoreHarness,
} from './store-harness.ts';

export const leaseLaws: readonly Law<CacheStoreHarness>[] = [
  {
    name: 'one caller of many gets the lease of an absent key',
    async verify({ store, other }) {
      const replies = await Promise.all(
        Array.from({ length: 20 }, (_, i) => leaseOne(i % 2 === 0 ? store : other, 'ns:a', `token-${i}`)),
      );
      deepEqual(states(replies), ['granted', ...Array.from({ length: 19 }, () => 'held')]);
      const held = replies.find((reply) => reply.state === 'held');
      // Of calls that wait for one another each may count from its own beginning.
      ok(held?.state === 'held' && held.forMs > 0 && held.forMs <= longMs + skewMs);
    },
  },
  {
    name: 'two leases of one key in one batch: the first is granted',
    async verify({ store }) {
      const request = { key: 'ns:a', ttlMs: longMs };
      const replies = await store.lease([
        { ...request, token: 'first' },
        { ...request, token: 'second' },
        { ...request, key: 'ns:b', token: 'third' },
      ]);
      deepEqual(
        replies.map(({ state }) => state),
        ['granted', 'held', 'granted'],
      );
    },
  },
  {
    name: 'asking again with the same token is granted again, and extends the lease',
    async verify({ store, advance, toleranceMs }) {
      equal((await leaseOne(store, 'ns:a', 'mine', { ttlMs: briefMs })).state, 'granted');
      equal((await leaseOne(store, 'ns:a', 'mine')).state, 'granted');
      await advance(briefMs + toleranceMs);
      equal((await leaseOne(store, 'ns:a', 'yours')).state, 'held');
    },
  },
  {
    name: 'a lease is no record',
    async verify({ store }) {
      await leaseOne(store, 'ns:a', 'mine');
      equal(await readText(store, 'ns:a'), undefined);
      deepEqual(await store.touch([{ key: 'ns:a', freshMs: longMs, keepMs: longMs }]), [false]);
      deepEqual(await store.remove(['ns:a']), [false]);
    },
  },
  {
    name: 'a lease ends by itself, and then its token fills nothing',
    async verify({ store, advance, toleranceMs }) {
      await leaseOne(store, 'ns:a', 'dead', { ttlMs: briefMs });
      await advance(briefMs + toleranceMs);
      deepEqual(await store.fill([{ ...record('ns:a', 'late'), token: 'dead' }]), [false]);
      equal((await leaseOne(store, 'ns:a', 'next')).state, 'granted');
      deepEqual(await store.fill([{ ...record('ns:a', 'late'), token: 'dead' }]), [false]);
      equal(await readText(store, 'ns:a'), undefined);
    },
  },
  {
    name: 'the holder fills the key once, and the lease is over',
    async verify({ store, other }) {
      await leaseOne(store, 'ns:a', 'mine');
      deepEqual(await store.fill([{ ...record('ns:a', 'one', { version: 3 }), token: 'mine' }]), [true]);
      const [found] = await other.read(['ns:a']);
      deepEqual([textOf(found?.bytes), found?.version], ['one', 3]);
      deepEqual(await store.fill([{ ...record('ns:a', 'two'), token: 'mine' }]), [false]);
      equal(await readText(store, 'ns:a'), 'one');
    },
  },
  {
    name: 'nobody fills without a lease, or with a token of another',
    async verify({ store }) {
      deepEqual(await store.fill([{ ...record('ns:a', 'x'), token: 'none' }]), [false]);
      await leaseOne(store, 'ns:a', 'mine');
      deepEqual(await store.fill([{ ...record('ns:a', 'x'), token: 'yours' }]), [false]);
      equal(await readText(store, 'ns:a'), undefined);
    },
  },
  {
    name: 'removing a key breaks its lease, also when there is no record',
    async verify({ store, other }) {
      await leaseOne(store, 'ns:a', 'mine');
      await other.remove(['ns:a']);
      deepEqual(await store.fill([{ ...record('ns:a', 'outdated'), token: 'mine' }]), [false]);
      equal(await readText(store, 'ns:a'), undefined);
    },
  },
  {
    name: 'writing a key breaks its lease',
    async verify({ store, other }) {
      await leaseOne(store, 'ns:a', 'mine');
      await other.write([record('ns:a', 'newer')]);
      deepEqual(await store.fill([{ ...record('ns:a', 'outdated'), token: 'mine' }]), [false]);
      equal(await readText(store, 'ns:a'), 'newer');
    },
  },
  {
    name: 'a record stays readable under a lease, and is replaced by the fill',
    async verify({ store }) {
      await store.write([record('ns:a', 'stale', { version: 4, freshMs: 1 })]);
      equal((await leaseOne(store, 'ns:a', 'mine', { seen: 4 })).state, 'granted');
      const [found] = await store.read(['ns:a']);
      deepEqual([textOf(found?.bytes), found?.version], ['stale', 4]);
      equal((await leaseOne(store, 'ns:a', 'yours', { seen: 4 })).state, 'held');
      deepEqual(await store.fill([{ ...record('ns:a', 'fresh'), token: 'mine' }]), [true]);
      equal(await readText(store, 'ns:a'), 'fresh');
    },
  },
  {
    name: 'who saw another record, or none, is told what is there now',
    async verify({ store }) {
      await store.write([record('ns:a', 'two', { version: 2 })]);
      for (const seen of [undefined, 1]) {
        const reply = await leaseOne(store, 'ns:a', 'mine', seen === undefined ? {} : { seen });
        ok(reply.state === 'changed');
        deepEqual([textOf(reply.record?.bytes), reply.record?.version], ['two', 2]);
        ok((reply.record?.freshForMs ?? 0) > 0);
      }
      await store.remove(['ns:a']);
      const reply = await leaseOne(store, 'ns:a', 'mine', { seen: 2 });
      deepEqual(reply, { state: 'changed', record: undefined });
      equal((await leaseOne(store, 'ns:a', 'other')).state, 'granted');
    },
  },
  {
    name: 'touching a record leaves the lease on it',
    async verify({ store }) {
      await store.write([record('ns:a', 'stale', { version: 9 })]);
      await leaseOne(store, 'ns:a', 'mine', { seen: 9 });
      await store.touch([{ key: 'ns:a', freshMs: longMs, keepMs: longMs }]);
      equal((await leaseOne(store, 'ns:a', 'yours', { seen: 9 })).state, 'held');
      deepEqual(await store.fill([{ ...record('ns:a', 'fresh'), token: 'mine' }]), [true]);
    },
  },
  {
    name: 'releasing ends the lease of that token only, and leaves the record',
    async verify({ store }) {
      await store.write([record('ns:a', 'stale', { version: 6 })]);
      await leaseOne(store, 'ns:a', 'mine', { seen: 6 });
      await leaseOne(store, 'ns:b', 'mine');
      await store.release([{ key: 'ns:a', token: 'yours' }]);
      equal((await leaseOne(store, 'ns:a', 'next', { seen: 6 })).state, 'held');
      await store.release([
        { key: 'ns:a', token: 'mine' },
        { key: 'ns:b', token: 'mine' },
      ]);
      equal(await readText(store, 'ns:a'), 'stale');
      equal((await leaseOne(store, 'ns:a', 'next', { seen: 6 })).state, 'granted');
      equal((await leaseOne(store, 'ns:b', 'next')).state, 'granted');
    },
  },
  {
    name: 'the times of a filled record count from the fill',
    async verify({ store, advance, toleranceMs }) {
      await leaseOne(store, 'ns:a', 'mine');
      await advance(briefMs);
      await store.fill([{ ...record('ns:a', 'one', { freshMs: briefMs, keepMs: briefMs }), token: 'mine' }]);
      equal(await readText(store, 'ns:a'), 'one');
      await advance(briefMs + toleranceMs);
      equal(await readText(store, 'ns:a'), undefined);
    },
  },
  {
    name: 'the stamp of a lease lies between what was bumped before and what is bumped after it',
    async verify({ store, advance }) {
      const [before] = await store.bump(['t:before'], { keepMs: longMs });
      await advance(skewMs);
      const reply = await leaseOne(store, 'ns:a', 'mine');
      await advance(skewMs);
      const [after] = await store.bump(['t:after'], { keepMs: longMs });
      ok(reply.state === 'granted');
      ok((before ?? Infinity) < reply.stamp, `${before} < ${reply.stamp}`);
      ok(reply.stamp < (after ?? 0), `${reply.stamp} < ${after}`);
      notEqual(before, after);
    },
  },
];

function states(replies: readonly LeaseReply[]): string[] {
  return replies.map(({ state }) => state).sort();
}
