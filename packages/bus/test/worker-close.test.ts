import { describe, expect, it } from 'vitest';
import { quiet, stage, watch } from './support.ts';
import { add, chores, queue, working } from './working.ts';

describe('a worker that is closed', () => {
  it('takes nothing more and waits for what is at work', async () => {
    const on = stage();
    await add(on, 'a', 'b');
    const { worker, begun, end } = working(on, { concurrency: 1 });
    await quiet(on.clock);
    const closed = watch(worker.close(), on.clock);
    await on.clock.advance(3_000);
    expect(closed.outcome).toBeUndefined();
    await end(0);
    expect([closed.outcome, begun()]).toEqual(['undefined@3000', 'a1']);
    expect(await on.bus.queue(chores).counts()).toMatchObject({ ready: 1, taken: 0 });
  });

  it('gives back the jobs that end only because they were told to, and no attempt is counted', async () => {
    const on = stage();
    await add(on, 'a');
    const worker = on.bus.work(
      chores,
      ({ signal }) =>
        new Promise((_, reject) => {
          signal.addEventListener('abort', () => reject(new Error('told to stop')));
        }),
    );
    await quiet(on.clock);
    const closed = watch(worker.close({ within: '5s' }), on.clock);
    await on.clock.advance(5_000);
    await quiet(on.clock);
    expect(closed.outcome).toBe('undefined@5000');
    expect(await on.bus.queue(chores).counts()).toMatchObject({ ready: 1, delayed: 0, taken: 0 });
    const [again] = await on.broker.jobs.take({ queue, limit: 1, leaseMs: 1e4, token: 't', maxAttempts: 9 });
    expect(again?.attempt).toBe(1);
  });

  it('does not wait for jobs that do not end, and leaves them to others when their leases run out', async () => {
    const on = stage();
    await add(on, 'a');
    const { worker } = working(on, { lease: '20s' });
    await quiet(on.clock);
    const closed = watch(worker.close({ within: '5s' }), on.clock);
    await on.clock.advance(7_000);
    expect(closed.outcome).toBe('undefined@7000');
    await on.clock.advance(20_000);
    const other = working(on);
    await quiet(on.clock);
    expect(other.begun()).toBe('a2');
  });

  it('ends while a taking is not answered, and without going round and round', async () => {
    const on = stage({ jobs: { take: () => new Promise(() => undefined) } });
    const { worker } = working(on);
    await quiet(on.clock);
    const closed = watch(worker.close({ within: '1s' }), on.clock);
    await on.clock.advance(1_000);
    await quiet(on.clock);
    expect(closed.outcome).toBe('undefined@1000');
    await on.clock.advance(60_000);
    expect(on.clock.pending).toBe(0);
  });
});
