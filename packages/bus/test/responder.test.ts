import { describe, expect, it } from 'vitest';
import { answering, ask, greet, processes } from './processes.ts';
import { failureOf, pass, quiet, watch } from './support.ts';

describe('a request to many', () => {
  it('gathers the answers and the failures that come in time', async () => {
    const {
      clock,
      buses: [asker, one, two],
    } = processes(3);
    await answering(clock, one, 'one');
    two?.respond(greet, () => Promise.reject(new Error('not I')));
    await quiet(clock);
    const answers = asker?.requestMany(greet, 'hi', { within: '1s' });
    await pass(clock, 1_000);
    const all = (await answers)
      ?.map((answer) => ('data' in answer ? answer.data : answer.error.message))
      .toSorted();
    expect(all).toEqual(['A request of greet failed: not I', 'hi from one']);
  });

  it('ends with as many answers as are wanted', async () => {
    const {
      clock,
      buses: [asker, one, two],
    } = processes(3);
    await answering(clock, one, 'one');
    await answering(clock, two, 'two');
    const answers = asker?.requestMany(greet, 'hi', { atMost: 1 });
    await quiet(clock);
    expect(await answers).toHaveLength(1);
    for (const atMost of [0, Number.NaN, 1.5])
      expect(await failureOf(async () => asker?.requestMany(greet, 'hi', { atMost }))).toBe(
        'INVALID_ARGUMENT atMost',
      );
  });

  it('without anybody is answered by nobody, at its deadline', async () => {
    const {
      clock,
      buses: [asker],
    } = processes(1);
    const answers = asker && watch(asker.requestMany(greet, 'hi', { within: '1s' }), clock);
    await pass(clock, 1_000);
    expect(answers?.outcome).toBe('@1000');
  });
});

describe('a responder', () => {
  it('that is closed takes nothing more and lets what is at work end', async () => {
    const {
      clock,
      buses: [asker, one],
    } = processes(2);
    const { responder, ends } = await answering(clock, one, 'one');
    const asked = await ask(clock, asker, 'wait');
    const closed = responder && watch(responder.close(), clock);
    await quiet(clock);
    expect(closed?.outcome).toBeUndefined();
    ends[0]?.();
    await quiet(clock);
    expect([asked.outcome, closed?.outcome]).toEqual(['wait from one@0', 'undefined@0']);
  });

  it('tells its handler when who asked does not wait any more', async () => {
    const {
      clock,
      buses: [asker, one],
    } = processes(2);
    let aborted = false;
    one?.respond(
      greet,
      ({ signal }) =>
        new Promise((_, reject) => {
          signal.addEventListener('abort', () => {
            aborted = true;
            reject(new Error('too late'));
          });
        }),
    );
    await quiet(clock);
    await ask(clock, asker, 'hi');
    await pass(clock, 5_000);
    expect(aborted).toBe(true);
  });

  it('that is closed before it was ready says so to who waits for that', async () => {
    const {
      clock,
      buses: [one],
    } = processes(1);
    const responder = one?.respond(greet, () => 'x');
    const ready = responder && watch(responder.ready(), clock);
    await responder?.close();
    await quiet(clock);
    expect(ready?.outcome).toBe('CLOSED@0');
  });

  it('takes no harm from words that nobody of this bus says', async () => {
    const {
      clock,
      good,
      buses: [asker, one],
    } = processes(2);
    await answering(clock, one, 'one');
    for (const body of [
      'null',
      '7',
      '{"q":"do"}',
      '{"q":"do","id":1,"from":2,"topic":"greet"}',
      '{"q":"x","id":"","from":"","topic":"greet"}',
    ])
      for (const channel of ['~ask:greet', `~inbox:${one?.source}`])
        await good.send([{ channel, body, wide: false }]);
    expect((await ask(clock, asker, 'hi')).outcome).toBe('hi from one@0');
  });
});
