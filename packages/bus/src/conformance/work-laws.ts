import assert from 'node:assert/strict';
import { NoResponder } from '../errors.ts';
import { defineTopic } from '../topic.ts';
import { inTime, newTopic, numbered, text, waitFor, withBuses, type BusHarness } from './bus-harness.ts';
import type { Law } from './law.ts';

/** Jobs and requests. */
export const workLaws: readonly Law<BusHarness>[] = [
  {
    name: 'jobs are done by workers of both processes, each by one, and tried again when they fail',
    verify: (harness) =>
      withBuses(harness, async (one, two) => {
        const topic = defineTopic(newTopic(), { class: 'queue', schema: text });
        const done: string[] = [];
        const tried = new Map<string, number>();
        const work = ({ data }: { readonly data: string }): void => {
          tried.set(data, (tried.get(data) ?? 0) + 1);
          if (data === '7' && tried.get(data) === 1) throw new Error('not yet');
          done.push(data);
        };
        const options = { concurrency: 3, backoff: () => 50, pollEvery: '1s' } as const;
        one.work(topic, work, options);
        two.work(topic, work, options);
        await inTime(harness, one.publishMany(topic, numbered(40)), 'the publications');
        await waitFor(harness, () => done.length >= 40, 'all jobs');
        assert.deepEqual(
          done.map(Number).toSorted((a, b) => a - b),
          numbered(40).map(Number),
        );
        assert.equal(tried.get('7'), 2);
        await waitFor(harness, () => one.stats().jobsDone + two.stats().jobsDone === 40, 'all outcomes');
      }),
  },
  {
    name: 'jobs that fail too often are kept as dead ones, and done when they are redriven',
    verify: (harness) =>
      withBuses(harness, async (one, two) => {
        const topic = defineTopic(newTopic(), { class: 'queue', schema: text });
        const view = two.queue(topic);
        const state = { broken: true, done: 0 };
        const work = (): void => {
          if (state.broken) throw new Error('it is broken');
          state.done += 1;
        };
        one.work(topic, work, { attempts: 2, backoff: () => 10, pollEvery: '0.5s' });
        const { id } = await inTime(harness, two.publish(topic, 'a'), 'the publication');
        await waitFor(harness, () => one.stats().jobsDead === 1, 'the job to be dead');
        const [letter] = await inTime(harness, view.dead(), 'the dead jobs');
        assert.deepEqual(
          [letter?.id, letter?.data, letter?.attempts, letter?.reason],
          [id, 'a', 2, 'it is broken'],
        );
        state.broken = false;
        assert.equal(await inTime(harness, view.redrive(), 'the redrive'), 1);
        await waitFor(harness, () => state.done === 1, 'the job to be done');
      }),
  },
  {
    name: 'each group of workers gets every job',
    verify: (harness) =>
      withBuses(harness, async (one, two) => {
        const topic = defineTopic(newTopic(), { class: 'queue', schema: text, groups: ['mail', 'index'] });
        const [mailed, indexed]: [string[], string[]] = [[], []];
        one.work(topic, ({ data }) => void mailed.push(data), { group: 'mail' });
        two.work(topic, ({ data }) => void indexed.push(data), { group: 'index' });
        await inTime(harness, one.publishMany(topic, ['a', 'b']), 'the publications');
        await waitFor(harness, () => mailed.length + indexed.length >= 4, 'all jobs');
        assert.deepEqual(
          [mailed.toSorted(), indexed.toSorted()],
          [
            ['a', 'b'],
            ['a', 'b'],
          ],
        );
      }),
  },
  {
    name: 'a request is answered by one of those who respond, or by all of them',
    verify: (harness) =>
      withBuses(harness, async (one, two) => {
        const topic = defineTopic(newTopic(), { class: 'request', schema: text, reply: text });
        const served: string[] = [];
        const answer =
          (name: string) =>
          ({ data }: { readonly data: string }): string => {
            served.push(data);
            if (data === 'bad') throw new Error('I do not know');
            return `${name}: ${data}`;
          };
        await inTime(
          harness,
          assert.rejects(
            two.request(topic, 'nobody there', { within: '0.5s' }),
            (error) => error instanceof NoResponder,
          ),
          'the refusal',
        );
        const responders = [one.respond(topic, answer('one')), two.respond(topic, answer('two'))];
        await inTime(
          harness,
          Promise.all(responders.map((responder) => responder.ready())),
          'the responders',
        );
        const reply = await inTime(harness, two.request(topic, 'hello'), 'the reply');
        assert(['one: hello', 'two: hello'].includes(reply), reply);
        assert.deepEqual(served, ['hello']);
        await inTime(
          harness,
          assert.rejects(two.request(topic, 'bad'), { code: 'REQUEST_FAILED', message: /I do not know/ }),
          'the failure',
        );
        const answers = await inTime(harness, one.requestMany(topic, 'all', { atMost: 2 }), 'the replies');
        assert.deepEqual(answers.map((each) => ('data' in each ? each.data : 'failed')).toSorted(), [
          'one: all',
          'two: all',
        ]);
      }),
  },
];
