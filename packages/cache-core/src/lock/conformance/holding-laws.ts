import assert from 'node:assert/strict';
import type { Law } from '../../conformance/law.ts';
import { briefMs, longMs, unique, withTwo, type LockHarness } from './harness.ts';

const hostile = [
  'plain',
  'with:colons/and slashes',
  'glob*[a-z]?',
  'like%_\\',
  '{braces}',
  '}{',
  '__proto__',
  '"\'`',
  'ünï-漢字-🜁',
  ' ',
];
const confusable = [
  ...new Set(hostile.flatMap((name) => [name, name.toUpperCase(), `${name} `, `${name}${name}`])),
];

export const holdingLaws: readonly Law<LockHarness>[] = [
  {
    name: 'of many who ask at once one has the lock',
    verify: (harness) =>
      withTwo(harness, async (one, two) => {
        const key = unique('k');
        const replies = await Promise.all(
          Array.from({ length: 20 }, (_, i) => (i % 2 === 0 ? one : two).ask(key, `t${i}`)),
        );
        assert.equal(replies.filter(({ state }) => state === 'granted').length, 1);
      }),
  },
  {
    name: 'who has to wait is told for how long at the most',
    verify: (harness) =>
      withTwo(harness, async (one, two) => {
        const key = unique('k');
        await one.take(key, 'a', 60_000);
        const forMs = await two.refused(key, 'b');
        assert(forMs > 10_000 && forMs <= 60_000, `not ${forMs} of 60,000 ms`);
      }),
  },
  {
    name: 'asking again with the same token is granted again, with the same fence',
    verify: (harness) =>
      withTwo(harness, async (one, two) => {
        const key = unique('k');
        const fence = await one.take(key, 'a');
        assert.equal(await two.take(key, 'a'), fence);
        assert.equal(await one.take(key, 'a'), fence);
        await two.refused(key, 'b');
        assert.equal(await two.release(key, 'a'), true);
        await two.take(key, 'b');
      }),
  },
  {
    name: 'asking again begins the lease anew',
    verify: (harness) =>
      withTwo(harness, async (one, two) => {
        const key = unique('k');
        await one.take(key, 'a', briefMs);
        await one.take(key, 'a', longMs);
        await harness.advance(briefMs + harness.toleranceMs + 1);
        await two.refused(key, 'b');
      }),
  },
  {
    name: 'a lease ends by itself, and its token is worth nothing after it',
    verify: (harness) =>
      withTwo(harness, async (one, two) => {
        const key = unique('k');
        await one.take(key, 'a', briefMs);
        await two.refused(key, 'b');
        await harness.advance(briefMs + harness.toleranceMs + 1);
        assert.equal(await one.extend(key, 'a'), false);
        assert.equal(await one.release(key, 'a'), false);
        await two.take(key, 'b');
        assert.equal(await one.extend(key, 'a'), false);
        assert.equal(await one.release(key, 'a'), false);
        await one.refused(key, 'c');
      }),
  },
  {
    name: 'who extends a lease keeps the lock',
    verify: (harness) =>
      withTwo(harness, async (one, two) => {
        const key = unique('k');
        await one.take(key, 'a', briefMs);
        assert.equal(await two.extend(key, 'a', longMs), true);
        await harness.advance(briefMs + harness.toleranceMs + 1);
        await two.refused(key, 'b');
        assert.equal(await one.release(key, 'a'), true);
      }),
  },
  {
    name: 'an extended lease ends too',
    verify: (harness) =>
      withTwo(harness, async (one, two) => {
        const key = unique('k');
        await one.take(key, 'a', longMs);
        assert.equal(await one.extend(key, 'a', briefMs), true);
        await harness.advance(briefMs + harness.toleranceMs + 1);
        await two.take(key, 'b');
      }),
  },
  {
    name: 'nobody but the holder extends',
    verify: (harness) =>
      withTwo(harness, async (one, two) => {
        const key = unique('k');
        assert.equal(await one.extend(key, 'a'), false);
        await two.take(key, 'b', briefMs);
        assert.equal(await one.extend(key, 'a', longMs), false);
        await harness.advance(briefMs + harness.toleranceMs + 1);
        await one.take(key, 'a');
      }),
  },
  {
    name: 'nobody but the holder lets go, and what is let go is free',
    verify: (harness) =>
      withTwo(harness, async (one, two) => {
        const key = unique('k');
        await one.take(key, 'a');
        assert.equal(await two.release(key, 'b'), false);
        await two.refused(key, 'b');
        assert.equal(await one.release(key, 'a'), true);
        assert.equal(await one.release(key, 'a'), false);
        await two.take(key, 'b');
      }),
  },
  {
    name: 'fences of a key rise, whatever becomes of the lock',
    verify: (harness) =>
      withTwo(harness, async (one, two) => {
        const key = unique('k');
        const fences: number[] = [];
        for (const [i, party] of [one, two, one, two].entries()) {
          fences.push(await party.take(key, `released ${i}`.replaceAll(' ', '-')));
          await party.release(key, `released-${i}`);
        }
        fences.push(await one.take(key, 'over', briefMs));
        await harness.advance(briefMs + harness.toleranceMs + 1);
        fences.push(await two.take(key, 'next'));
        for (const [i, fence] of fences.entries()) assert(fence > (fences[i - 1] ?? 0), fences.join());
      }),
  },
  {
    name: 'a fence is no less than the moment of the store in microseconds, so that they rise over a loss of data too',
    verify: (harness) =>
      withTwo(harness, async (one) => {
        const key = unique('k');
        const first = await one.take(key, 'a');
        await one.release(key, 'a');
        await harness.advance(briefMs);
        const second = await one.take(unique('k'), 'b');
        await one.take(key, 'c');
        assert(second - first >= briefMs * 900, `${second - first} in ${briefMs} ms`);
      }),
  },
  {
    name: 'keys are locked by themselves, whatever is in their names',
    verify: (harness) =>
      withTwo(harness, async (one, two) => {
        const own = unique('k');
        const keys = confusable.map((name) => `${own}${name}`);
        // Each under a token of its own, or one that is taken for another would be granted again.
        await Promise.all(keys.map((key, i) => one.take(key, `a${i}`)));
        await Promise.all(keys.map((key) => two.refused(key, 'b')));
        await one.release(keys[0] ?? '', 'a0');
        await two.take(keys[0] ?? '', 'b');
        const replies = await Promise.all(keys.slice(1).map((key) => two.refused(key, 'b')));
        assert.equal(replies.length, keys.length - 1);
      }),
  },
  {
    name: 'a key may be as long as the store says',
    verify: (harness) =>
      withTwo(harness, async (one, two) => {
        const long = unique('k').padEnd(harness.store.capabilities.maxKeyBytes, 'x');
        await one.take(long, 'a');
        await one.take(`${long.slice(0, -1)}y`, 'c');
        await two.wait(long, 'b');
        await one.release(long, 'a');
        await two.hearsTurn('b');
        await two.take(long, 'b');
      }),
  },
  {
    name: 'who gave up before asking changes nothing',
    verify: (harness) =>
      withTwo(harness, async (one, two) => {
        const key = unique('k');
        const gone = AbortSignal.abort();
        await assert.rejects(one.store.acquire({ key, token: 'a', leaseMs: longMs }, { signal: gone }));
        await two.take(key, 'b');
        await assert.rejects(one.store.release({ key, token: 'b' }, { signal: gone }));
        await one.refused(key, 'a');
      }),
  },
  {
    name: 'its health says that it is up',
    async verify({ store }) {
      assert.equal((await store.health()).status, 'up');
    },
  },
];
