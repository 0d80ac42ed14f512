import assert from 'node:assert/strict';
import type { Law } from '../../conformance/law.ts';
import type { LockReply } from '../lock-store.ts';
import { briefMs, longMs, unique, withTwo, type LockHarness } from './harness.ts';

/** Time for a turn that must not be told to be told. */
const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 100));

export const queueLaws: readonly Law<LockHarness>[] = [
  {
    name: 'whoever waits is told when it is their turn, and has the lock',
    verify: (harness) =>
      withTwo(harness, async (one, two) => {
        const key = unique('k');
        const fence = await one.take(key, 'a');
        await two.wait(key, 'b');
        assert.deepEqual(two.turns, []);
        await one.release(key, 'a');
        await two.hearsTurn('b');
        assert((await two.take(key, 'b')) > fence);
        await one.refused(key, 'a');
      }),
  },
  {
    name: 'the lock goes round in the order of asking',
    verify: (harness) =>
      withTwo(harness, async (one, two) => {
        const key = unique('k');
        const tokens = Array.from({ length: 8 }, (_, i) => `t${i}`);
        const of = (i: number) => (i % 3 === 0 ? one : two);
        await one.take(key, 'first');
        for (const [i, token] of tokens.entries()) await of(i).wait(key, token);
        let last = 'first';
        for (const [i, token] of tokens.entries()) {
          await one.release(key, last);
          await of(i).hearsTurn(token);
          await of(i).take(key, token);
          last = token;
        }
        const told = tokens.filter((_, i) => of(i) === two);
        assert.deepEqual([...one.turns, ...two.turns].length, tokens.length);
        assert.deepEqual(two.turns, told);
      }),
  },
  {
    name: 'asking again does not cost the place in the queue',
    verify: (harness) =>
      withTwo(harness, async (one, two) => {
        const key = unique('k');
        await one.take(key, 'a');
        await two.wait(key, 'b');
        await two.wait(key, 'c');
        await two.wait(key, 'b');
        await one.release(key, 'a');
        await two.hearsTurn('b');
        await two.refused(key, 'c');
        await two.take(key, 'b');
      }),
  },
  {
    name: 'nobody comes between',
    verify: (harness) =>
      withTwo(harness, async (one, two) => {
        const key = unique('k');
        await one.take(key, 'a');
        await two.wait(key, 'b');
        await one.release(key, 'a');
        const forMs = await one.refused(key, 'c');
        assert(forMs <= harness.claimMs, `${forMs} of ${harness.claimMs} ms`);
        await two.hearsTurn('b');
        await two.take(key, 'b');
      }),
  },
  {
    name: 'whoever does not come for their turn loses it',
    verify: (harness) =>
      withTwo(harness, async (one, two) => {
        const key = unique('k');
        await one.take(key, 'a');
        await two.wait(key, 'b');
        await one.release(key, 'a');
        await two.hearsTurn('b');
        await harness.advance(harness.claimMs + harness.toleranceMs + 1);
        await one.take(key, 'c');
        await two.refused(key, 'b');
      }),
  },
  {
    name: 'a turn that is given up goes to the next',
    verify: (harness) =>
      withTwo(harness, async (one, two) => {
        const key = unique('k');
        await one.take(key, 'a');
        await two.wait(key, 'b');
        await one.wait(key, 'c');
        await one.release(key, 'a');
        await two.hearsTurn('b');
        assert.equal(await two.release(key, 'b'), false);
        await one.hearsTurn('c');
        await two.refused(key, 'b');
        await one.take(key, 'c');
      }),
  },
  {
    name: 'a place that is given up is passed over',
    verify: (harness) =>
      withTwo(harness, async (one, two) => {
        const key = unique('k');
        await one.take(key, 'a');
        await two.wait(key, 'b');
        await two.wait(key, 'c');
        assert.equal(await two.release(key, 'b'), false);
        await one.release(key, 'a');
        await two.hearsTurn('c');
        await two.take(key, 'c');
        assert.deepEqual(two.turns, ['c']);
      }),
  },
  {
    name: 'a place ends for whom does not ask again, whoever else does',
    verify: (harness) =>
      withTwo(harness, async (one, two) => {
        const key = unique('k');
        await one.take(key, 'a');
        await two.wait(key, 'b', briefMs);
        await two.wait(key, 'c', briefMs);
        await two.wait(key, 'c');
        await one.wait(key, 'd');
        await harness.advance(briefMs + harness.toleranceMs + 1);
        await one.release(key, 'a');
        await two.hearsTurn('c');
        await two.take(key, 'c');
        assert.deepEqual(two.turns, ['c']);
        await two.release(key, 'c');
        await one.hearsTurn('d');
      }),
  },
  {
    name: 'for somebody who cannot be told the lock is kept for as long as they say',
    verify: (harness) =>
      withTwo(harness, async (one, two) => {
        const key = unique('k');
        const untold = (token: string, forMs: number): Promise<LockReply> =>
          two.store.acquire({ key, token, leaseMs: longMs, queue: { ear: `-${forMs}`, keepMs: longMs } });
        await one.take(key, 'a');
        assert.equal((await untold('b', longMs)).state, 'held');
        await one.wait(key, 'c');
        await one.release(key, 'a');
        const forMs = await one.refused(key, 'd');
        assert(forMs > harness.claimMs && forMs <= longMs, `not ${forMs} of ${longMs} ms`);
        assert.equal((await untold('b', longMs)).state, 'granted');
        assert.equal((await untold('e', briefMs)).state, 'held');
        await one.release(key, 'b');
        await one.hearsTurn('c');
        await one.take(key, 'c');
        await one.release(key, 'c');
        await one.refused(key, 'd');
        await harness.advance(briefMs + harness.toleranceMs + 1);
        await one.take(key, 'd');
        await settled();
        assert.deepEqual([...one.turns, ...two.turns], ['c']);
      }),
  },
  {
    name: 'who waits behind a lease that has ended comes in the order of asking',
    verify: (harness) =>
      withTwo(harness, async (one, two) => {
        const key = unique('k');
        // Beginning to listen may take longer than the lease.
        await Promise.all([one.ear.join(key), two.ear.join(key)]);
        await one.take(key, 'a', briefMs);
        await two.wait(key, 'b');
        await one.wait(key, 'c');
        await harness.advance(briefMs + harness.toleranceMs + 1);
        // Whoever asks brings it to light; whose turn it is is told.
        const reply = await one.queue(key, 'c');
        assert.equal(reply.state, 'held');
        await two.hearsTurn('b');
        await two.take(key, 'b');
        await two.release(key, 'b');
        await one.hearsTurn('c');
        await one.take(key, 'c');
      }),
  },
  {
    name: 'the first of the queue takes what is free without being told',
    verify: (harness) =>
      withTwo(harness, async (one, two) => {
        const key = unique('k');
        await two.ear.join(key);
        await one.take(key, 'a', briefMs);
        await two.wait(key, 'b');
        await harness.advance(briefMs + harness.toleranceMs + 1);
        const reply = await two.queue(key, 'b');
        assert.equal(reply.state, 'granted', 'the first of the queue must be granted what is free');
        await two.release(key, 'b');
        // Its place has gone with it.
        await one.take(key, 'c');
      }),
  },
  {
    name: 'an ear that was closed is passed over, or loses its turn',
    verify: (harness) =>
      withTwo(harness, async (one, two) => {
        const key = unique('k');
        await one.take(key, 'a');
        await two.wait(key, 'b');
        await two.ear.close();
        await one.release(key, 'a');
        await harness.advance(harness.claimMs + harness.toleranceMs + 1);
        await one.take(key, 'c');
        await settled();
        assert.deepEqual(two.turns, []);
      }),
  },
  {
    name: 'waiting for one key is not waiting for another',
    verify: (harness) =>
      withTwo(harness, async (one, two) => {
        const [key, elsewhere] = [unique('k'), unique('k')];
        await one.take(key, 'a');
        await one.take(elsewhere, 'b');
        await two.wait(key, 'c');
        await one.release(elsewhere, 'b');
        await one.take(elsewhere, 'd');
        await settled();
        assert.deepEqual(two.turns, []);
      }),
  },
  {
    name: 'a late word of a former holder takes nothing from the next one',
    verify: (harness) =>
      withTwo(harness, async (one, two) => {
        const key = unique('k');
        await one.take(key, 'a');
        await two.wait(key, 'b');
        await one.release(key, 'a');
        await two.hearsTurn('b');
        assert.equal(await one.release(key, 'a'), false);
        await two.take(key, 'b');
        assert.equal(await one.release(key, 'a'), false);
        assert.equal(await one.extend(key, 'a'), false);
        await one.refused(key, 'a');
        assert.equal(await two.extend(key, 'b'), true);
      }),
  },
];
