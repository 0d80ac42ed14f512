import assert from 'node:assert/strict';
import type { Broker } from '../broker.ts';
import { briefMs, job, takeSome, unique, until, type BrokerHarness } from './broker-harness.ts';
import { dead, newQueue, outcomeOf } from './job-outcomes.ts';
import type { Law } from './law.ts';

async function deadIds(broker: Broker, queue: string): Promise<string[]> {
  return (await broker.jobs.dead(queue, { limit: 100 })).map(({ id }) => id);
}

export const deadJobLaws: readonly Law<BrokerHarness>[] = [
  {
    name: 'a job whose leases ran out too often is dead instead of being handed out again',
    async verify(harness) {
      const { broker, advance, toleranceMs } = harness;
      const queue = newQueue();
      const [poison, other] = [job(queue, 'poison'), job(queue, 'other')];
      await broker.jobs.add([poison]);
      for (let i = 0; i < 2; i++) {
        const [taken] = await takeSome(broker, queue, { leaseMs: briefMs, maxAttempts: 2 });
        assert.equal(taken?.attempt, i + 1);
        await advance(briefMs + toleranceMs);
      }
      await broker.jobs.add([other]);
      const taken: string[] = [];
      await until(
        harness,
        async () => {
          taken.push(...(await takeSome(broker, queue, { maxAttempts: 2 })).map(({ id }) => id));
          return taken.length > 0;
        },
        'the other job is handed out',
      );
      assert.deepEqual(taken, [other.id]);
      const [letter] = await broker.jobs.dead(queue, { limit: 10 });
      assert.deepEqual([letter?.id, letter?.body, letter?.attempts], [poison.id, 'poison', 2]);
      assert((letter?.reason.length ?? 0) > 0);
    },
  },
  {
    name: 'dead jobs keep their reason, are listed page by page, and are redriven or discarded',
    async verify({ broker, other }) {
      const queue = newQueue();
      const jobs = ['a', 'b', 'c', 'd'].map((body) => job(queue, body));
      await broker.jobs.add(jobs);
      const token = unique('k');
      for (const { id } of await takeSome(broker, queue, { token })) {
        await broker.jobs.settle([outcomeOf(queue, id, token, dead)]);
      }
      const [a, b, c, d] = jobs.map(({ id }) => id);
      const page = await other.jobs.dead(queue, { limit: 2 });
      assert.deepEqual(
        page.map(({ id, reason, attempts }) => [id, reason, attempts]),
        [
          [a, 'it was refused', 1],
          [b, 'it was refused', 1],
        ],
      );
      const next = await other.jobs.dead(queue, { after: page.at(-1)?.id, limit: 10 });
      assert.deepEqual(
        next.map(({ id }) => id),
        [c, d],
      );
      assert.equal(await other.jobs.redrive(queue, { ids: [c ?? '', 'unknown'], limit: 10 }), 1);
      assert.equal(await other.jobs.redrive(queue, { limit: 1 }), 1);
      assert.equal(await other.jobs.discard(queue, { ids: [d ?? ''], limit: 10 }), 1);
      assert.deepEqual(await deadIds(broker, queue), [b]);
      const back = await takeSome(broker, queue);
      assert.deepEqual(
        back.map(({ id, attempt }) => `${id} ${attempt}`).toSorted(),
        [`${a} 1`, `${c} 1`].toSorted(),
      );
      assert.equal(await other.jobs.discard(queue, { limit: 10 }), 1);
      assert.deepEqual(await deadIds(broker, queue), []);
    },
  },
];
