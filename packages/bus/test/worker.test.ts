import { Undoable, type WorkOptions } from '@parley/bus';
import { StoreUnavailable } from '@parley/cache-core/kernel';
import { describe, expect, it } from 'vitest';
import { failureOf, quiet, stage } from './support.ts';
import { add, chores, queue, working } from './working.ts';

describe('a worker', () => {
  it('does no more jobs at once than it should, and takes the next as soon as one ends', async () => {
    const on = stage();
    await add(on, 'a', 'b', 'c', 'd');
    const { begun, end, worker } = working(on, { concurrency: 2 });
    await quiet(on.clock);
    expect([begun(), worker.running]).toEqual(['a1 b1', 2]);
    await end(1);
    expect([begun(), worker.running]).toEqual(['a1 b1 c1', 2]);
    await end(0);
    await end(2);
    await end(3);
    expect([begun(), worker.running, on.bus.stats().jobsDone]).toEqual(['a1 b1 c1 d1', 0, 4]);
  });

  it('hears of jobs at once, and finds within its poll those that nobody told of', async () => {
    const on = stage({
      open: () => ({
        join: async () => undefined,
        leave: async () => undefined,
        close: async () => undefined,
        detectionMs: 0,
      }),
    });
    const { begun } = working(on, { pollEvery: '4s' });
    await quiet(on.clock);
    await add(on, 'a');
    expect(begun()).toBe('');
    await on.clock.advance(5_000);
    expect(begun()).toBe('a1');
    const told = stage();
    const other = working(told);
    await quiet(told.clock);
    await add(told, 'a');
    expect(other.begun()).toBe('a1');
  });

  it('asks for no more jobs at once than the broker gives', async () => {
    const limits: number[] = [];
    const on = stage((good) => ({
      ...good,
      capabilities: { ...good.capabilities, maxBatch: 3 },
      jobs: {
        ...good.jobs,
        take: (request) => {
          limits.push(request.limit);
          return good.jobs.take({ ...request, limit: Math.min(3, request.limit) });
        },
      },
    }));
    await add(on, 'a', 'b', 'c', 'd', 'e', 'f', 'g');
    const { worker } = working(on, { concurrency: 100 });
    await quiet(on.clock);
    expect([worker.running, Math.max(...limits)]).toEqual([7, 3]);
  });

  it('begins nothing when its signal is aborted already', async () => {
    const on = stage();
    await add(on, 'a');
    const { begun } = working(on, { signal: AbortSignal.abort() });
    await quiet(on.clock);
    await on.clock.advance(60_000);
    expect([begun(), on.bus.stats().totalHandlers]).toEqual(['', 0]);
  });

  it('whose options are wrong names the one at fault, and follows nothing', async () => {
    const on = stage();
    for (const [field, options] of Object.entries({
      concurrency: { concurrency: 0 },
      attempts: { attempts: 1.5 },
      lease: { lease: '1ms' },
      pollEvery: { pollEvery: -1 },
      group: { group: 'unknown' },
    } satisfies Record<string, WorkOptions>))
      expect(await failureOf(() => on.bus.work(chores, () => undefined, options))).toBe(
        `INVALID_ARGUMENT ${field}`,
      );
    await on.clock.advance(60_000);
    expect(on.clock.pending).toBe(0);
  });
});

describe('a job that fails', () => {
  it('is tried again after a pause that grows, and is dead after the last attempt', async () => {
    const on = stage();
    await add(on, 'a');
    const { begun, end, errors } = working(on, { attempts: 3 });
    await quiet(on.clock);
    const at: number[] = [];
    for (let attempt = 0; attempt < 3; attempt++) {
      while (begun().split(' ').length <= attempt) await on.clock.advance(50);
      at.push(on.clock.monotonic());
      await end(attempt, new Error('no luck'));
    }
    expect(begun()).toBe('a1 a2 a3');
    const [first = 0, second = 0, third = 0] = at;
    expect(third - second).toBeGreaterThan(second - first);
    expect(errors).toEqual(['Error: no luck 1', 'Error: no luck 2', 'Error: no luck 3 dead']);
    const [letter] = await on.bus.queue(chores).dead();
    expect(letter).toMatchObject({ data: 'a', attempts: 3, reason: 'no luck' });
    expect(on.bus.stats()).toMatchObject({ jobsRetried: 2, jobsDead: 1, handlerErrors: 3 });
  });

  it('with Undoable is dead at once', async () => {
    const on = stage();
    await add(on, 'a');
    const { end, errors } = working(on);
    await quiet(on.clock);
    await end(0, new Undoable('never'));
    expect(errors).toEqual(['Undoable: never 1 dead']);
    expect(await on.bus.queue(chores).counts()).toMatchObject({ ready: 0, delayed: 0, dead: 1 });
  });

  it('because it cannot be read is dead at once, and the handler never sees it', async () => {
    const on = stage();
    await on.broker.jobs.add([{ queue, id: 'x', body: 'garbage', delayMs: 0 }]);
    const { begun, errors } = working(on);
    await quiet(on.clock);
    expect([begun(), errors]).toEqual(['', ['Unreadable: it is not JSON 1 dead']]);
    const [letter] = await on.bus.queue(chores).dead();
    expect(letter).toMatchObject({ data: undefined, body: 'garbage' });
    expect(on.bus.stats().poison).toBe(1);
  });

  it.each([
    [
      'throws',
      () => {
        throw new Error('no pause');
      },
    ],
    ['is no number', () => Number.NaN],
    ['is negative', () => -1],
    ['is endless', () => Infinity],
  ])('is tried again with the usual pause when that of its worker %s', async (_, backoff) => {
    const on = stage();
    await add(on, 'a');
    const { begun, end } = working(on, { backoff });
    await quiet(on.clock);
    await end(0, new Error('no luck'));
    await on.clock.advance(5_000);
    expect(begun()).toBe('a1 a2');
  });
});

describe('a broker that loses answers', () => {
  it('of a taking: it is asked for again by its name, so that no job waits for its lease to run out', async () => {
    let lost = 1;
    const on = stage((good) => ({
      ...good,
      jobs: {
        ...good.jobs,
        take: async (request) => {
          const taken = await good.jobs.take(request);
          if (taken.length > 0 && (lost -= 1) >= 0) throw new StoreUnavailable('the connection broke');
          return taken;
        },
      },
    }));
    await add(on, 'a', 'b');
    const { begun } = working(on);
    await on.clock.advance(1_000);
    expect(begun()).toBe('a1 b1');
  });

  it('of a taking for longer than half a lease: the jobs are taken anew when that has run out', async () => {
    let away = true;
    const on = stage((good) => ({
      ...good,
      jobs: {
        ...good.jobs,
        take: async (request) => {
          const taken = await good.jobs.take(request);
          if (away) throw new StoreUnavailable('the connection broke');
          return taken;
        },
      },
    }));
    await add(on, 'a');
    const { begun, jobs } = working(on, { lease: '10s' });
    await on.clock.advance(6_000);
    away = false;
    await on.clock.advance(20_000);
    expect(begun()).toMatch(/^a\d+$/);
    expect(jobs[0]?.signal.aborted).toBe(false);
  });

  it('and fails for good is asked again and again, with pauses', async () => {
    let asked = 0;
    const on = stage({
      jobs: {
        take: () => {
          asked += 1;
          return Promise.reject(new StoreUnavailable('away'));
        },
      },
    });
    working(on);
    await on.clock.advance(60_000);
    expect(asked).toBeGreaterThan(10);
    expect(asked).toBeLessThan(60);
  });
});
