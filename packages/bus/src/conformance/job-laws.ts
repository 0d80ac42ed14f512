import assert from 'node:assert/strict';
import { briefMs, job, longMs, takeSome, unique, type BrokerHarness } from './broker-harness.ts';
import { dead, done, newQueue, outcomeOf } from './job-outcomes.ts';
import type { Law } from './law.ts';

export const jobLaws: readonly Law<BrokerHarness>[] = [
  {
    name: 'jobs are handed out in the order in which they were added, as they were',
    async verify({ broker, other }) {
      const queue = newQueue();
      const jobs = ['a', 'ü🜁 \\u0000\n', 'c'].map((body) => job(queue, body));
      const added = await other.jobs.add(jobs);
      assert.deepEqual(
        added,
        jobs.map(({ id }) => ({ id, repeated: false })),
      );
      const [first] = await takeSome(broker, queue, { limit: 1 });
      const rest = await takeSome(other, queue);
      const taken = [first, ...rest];
      assert.deepEqual(
        taken.map((one) => one?.body),
        jobs.map(({ body }) => body),
      );
      assert.deepEqual(
        taken.map((one) => one?.id),
        jobs.map(({ id }) => id),
      );
      assert.deepEqual(
        taken.map((one) => one?.attempt),
        [1, 1, 1],
      );
      assert((first?.addedAt ?? 0) > 0);
      assert.deepEqual(await takeSome(broker, queue), []);
    },
  },
  {
    name: 'a job goes to one taker, however many ask at the same time',
    async verify({ broker, other }) {
      const queue = newQueue();
      await broker.jobs.add(Array.from({ length: 100 }, (_, i) => job(queue, `${i}`)));
      const takers = Array.from({ length: 20 }, (_, i) => (i % 2 === 0 ? broker : other));
      const some = await Promise.all(takers.map((taker) => takeSome(taker, queue, { limit: 8 })));
      const rest: (readonly { readonly id: string }[])[] = [];
      for (;;) {
        const more = await takeSome(broker, queue, { limit: 50 });
        if (more.length === 0) break;
        rest.push(more);
      }
      const ids = [...some, ...rest].flat().map(({ id }) => id);
      assert.equal(ids.length, 100);
      assert.equal(new Set(ids).size, 100);
      for (const few of some) assert(few.length <= 8);
    },
  },
  {
    name: 'a taking that is repeated with its token is given the same jobs, uncounted',
    async verify({ broker, other }) {
      const queue = newQueue();
      await broker.jobs.add(['a', 'b', 'c'].map((body) => job(queue, body)));
      const token = unique('k');
      const first = await takeSome(broker, queue, { limit: 2, token });
      const again = await takeSome(other, queue, { limit: 2, token });
      assert.deepEqual(
        again.map(({ id, attempt }) => [id, attempt]),
        first.map(({ id, attempt }) => [id, attempt]),
      );
      assert.deepEqual(
        (await takeSome(broker, queue)).map(({ body }) => body),
        ['c'],
      );
    },
  },
  {
    name: 'a job that is done is gone, for its holder alone to say',
    async verify({ broker, other }) {
      const queue = newQueue();
      await broker.jobs.add([job(queue, 'a'), job(queue, 'b')]);
      const token = unique('k');
      const [a, b] = await takeSome(broker, queue, { token });
      assert.deepEqual(await other.jobs.settle([outcomeOf(queue, a?.id, 'stranger', done)]), [false]);
      const settled = await broker.jobs.settle([
        outcomeOf(queue, a?.id, token, done),
        outcomeOf(queue, 'unknown', token, done),
        outcomeOf(queue, b?.id, token, done),
      ]);
      assert.deepEqual(settled, [true, false, true]);
      assert.deepEqual(await broker.jobs.settle([outcomeOf(queue, a?.id, token, done)]), [false]);
      const { ready, delayed, taken, dead: buried } = await broker.jobs.counts(queue);
      assert.deepEqual([ready, delayed, taken, buried], [0, 0, 0, 0]);
    },
  },
  {
    name: 'a job is not handed out before its time, and then it is',
    async verify(harness) {
      const { broker, advance, toleranceMs } = harness;
      const queue = newQueue();
      await broker.jobs.add([job(queue, 'later', { delayMs: briefMs + toleranceMs }), job(queue, 'now')]);
      assert.deepEqual(
        (await takeSome(broker, queue)).map(({ body }) => body),
        ['now'],
      );
      assert.deepEqual(await takeSome(broker, queue), []);
      await advance(briefMs + toleranceMs * 2);
      assert.deepEqual(
        (await takeSome(broker, queue)).map(({ body }) => body),
        ['later'],
      );
    },
  },
  {
    name: 'when a lease runs out somebody else gets the job, and the first holder has no say any more',
    async verify({ broker, other, advance, toleranceMs }) {
      const queue = newQueue();
      await broker.jobs.add([job(queue, 'a')]);
      const token = unique('k');
      const [first] = await takeSome(broker, queue, { token, leaseMs: briefMs });
      await advance(briefMs + toleranceMs);
      const second = unique('k');
      const [again] = await takeSome(other, queue, { token: second });
      assert.deepEqual([again?.id, again?.attempt], [first?.id, 2]);
      assert.deepEqual(await broker.jobs.extend([{ queue, id: first?.id ?? '', token }], longMs), [false]);
      assert.deepEqual(await broker.jobs.settle([outcomeOf(queue, first?.id, token, done)]), [false]);
      assert.deepEqual(await other.jobs.settle([outcomeOf(queue, first?.id, second, done)]), [true]);
    },
  },
  {
    name: 'a lease that is extended lasts longer',
    async verify({ broker, other, advance, toleranceMs }) {
      const queue = newQueue();
      await broker.jobs.add([job(queue, 'a')]);
      const token = unique('k');
      const [taken] = await takeSome(broker, queue, { token, leaseMs: briefMs + toleranceMs });
      assert.deepEqual(await broker.jobs.extend([{ queue, id: taken?.id ?? '', token }], longMs), [true]);
      await advance(briefMs + toleranceMs * 2);
      assert.deepEqual(await takeSome(other, queue), []);
      assert.deepEqual(await broker.jobs.settle([outcomeOf(queue, taken?.id, token, done)]), [true]);
    },
  },
  {
    name: 'a job may be tried again later, and given back untried',
    async verify({ broker, advance, toleranceMs }) {
      const queue = newQueue();
      await broker.jobs.add([job(queue, 'a')]);
      const again = async (countsAttempt: boolean, delayMs: number): Promise<number | undefined> => {
        const token = unique('k');
        const [taken] = await takeSome(broker, queue, { token });
        const outcome = { outcome: 'again' as const, delayMs, countsAttempt };
        await broker.jobs.settle([outcomeOf(queue, taken?.id, token, outcome)]);
        return taken?.attempt;
      };
      assert.equal(await again(false, 0), 1);
      assert.equal(await again(true, 0), 1);
      assert.equal(await again(true, briefMs + toleranceMs), 2);
      assert.deepEqual(await takeSome(broker, queue), []);
      await advance(briefMs + toleranceMs * 2);
      assert.deepEqual(
        (await takeSome(broker, queue)).map(({ attempt }) => attempt),
        [3],
      );
    },
  },
  {
    name: 'a job of a known idempotency key is not added, be the first one done or not',
    async verify({ broker, other, advance, toleranceMs }) {
      const [queue, another] = [newQueue(), newQueue()];
      const once = { key: 'k', forMs: briefMs + toleranceMs };
      const first = job(queue, 'first', { once });
      await broker.jobs.add([first]);
      const token = unique('k');
      const [taken] = await takeSome(broker, queue, { token });
      await broker.jobs.settle([outcomeOf(queue, taken?.id, token, done)]);
      const added = await other.jobs.add([
        job(queue, 'second', { once }),
        job(another, 'elsewhere', { once }),
      ]);
      assert.deepEqual(added[0], { id: first.id, repeated: true });
      assert.equal(added[1]?.repeated, false);
      assert.deepEqual(await takeSome(broker, queue), []);
      await advance(briefMs + toleranceMs * 2);
      await broker.jobs.add([job(queue, 'later', { once })]);
      assert.deepEqual(
        (await takeSome(broker, queue)).map(({ body }) => body),
        ['later'],
      );
    },
  },
  {
    name: 'a job that may have been added before is not added twice',
    async verify({ broker, other }) {
      const queue = newQueue();
      const [lost, fresh] = [job(queue, 'lost reply'), job(queue, 'never arrived')];
      await broker.jobs.add([lost]);
      const again = await other.jobs.add([
        { ...lost, again: true },
        { ...fresh, again: true },
      ]);
      assert.deepEqual(again, [
        { id: lost.id, repeated: true },
        { id: fresh.id, repeated: false },
      ]);
      assert.deepEqual(
        (await takeSome(broker, queue)).map(({ body }) => body),
        ['lost reply', 'never arrived'],
      );
    },
  },
  {
    name: 'queues are counted, each for itself, and their names mean nothing',
    async verify({ broker }) {
      const topic = unique('t');
      const [queue, lookalike] = [`${topic}:*`, `${topic}:x`];
      await broker.jobs.add([
        job(queue, 'a'),
        job(queue, 'b'),
        job(queue, 'c'),
        job(queue, 'late', { delayMs: longMs }),
        job(lookalike, 'd'),
      ]);
      const token = unique('k');
      const [a, b] = await takeSome(broker, queue, { limit: 2, token });
      await broker.jobs.settle([outcomeOf(queue, b?.id, token, dead)]);
      const { oldestReadyMs, ...counts } = await broker.jobs.counts(queue);
      assert.deepEqual(counts, { ready: 1, delayed: 1, taken: 1, dead: 1 });
      assert(oldestReadyMs >= 0 && oldestReadyMs < 60_000);
      assert.equal(a?.body, 'a');
      assert.equal((await broker.jobs.counts(lookalike)).ready, 1);
    },
  },
];
