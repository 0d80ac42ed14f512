import { StoreUnavailable, virtualClock } from '@parley/cache-core/kernel';
import { describe, expect, it } from 'vitest';
import { SignalOutbox, type Sent, type SignalOutboxOptions } from '../src/signal-outbox.ts';

interface Call {
  readonly bodies: string;
  readonly answer: () => Promise<void>;
  readonly fail: (error: Error) => Promise<void>;
}

function stage(options: Partial<SignalOutboxOptions> = {}) {
  const clock = virtualClock();
  const calls: Call[] = [];
  const box = new SignalOutbox({
    clock,
    maxBatch: 100,
    maxWaiting: 1_000,
    attemptMs: 1_000,
    send: (signals) =>
      new Promise((resolve, reject) => {
        calls.push({
          bodies: signals.map(({ body }) => body.slice(0, 5)).join(' '),
          answer: async () => {
            resolve();
            await clock.settle();
          },
          fail: async (error) => {
            reject(error);
            await clock.settle();
          },
        });
      }),
    ...options,
  });
  const told: string[] = [];
  const push = (body: string, { name, within = 5_000 }: { name?: string; within?: number } = {}): void => {
    const note = (sent: Sent): void => {
      told.push(`${body.slice(0, 5)}: ${sent.sent ? 'sent' : sent.reason} @${clock.monotonic()}`);
    };
    void box.push({ channel: 'c', body, wide: false }, name, within).then(note);
  };
  return { clock, box, calls, told, push };
}

const bodies = (calls: readonly Call[]): string[] => calls.map((call) => call.bodies);

describe('signals that wait to be sent', () => {
  it('go together when they are given in one turn, and what comes meanwhile goes with the next call', async () => {
    const { clock, box, calls, push, told } = stage();
    push('1');
    push('2');
    await clock.settle();
    push('3');
    push('4');
    await clock.settle();
    expect(bodies(calls)).toEqual(['1 2']);
    expect(box.waiting).toEqual({ messages: 2, bytes: 2 });
    await calls[0]?.answer();
    expect(box.waiting).toEqual({ messages: 0, bytes: 0 });
    expect(bodies(calls)).toEqual(['1 2', '3 4']);
    expect(told).toEqual(['1: sent @0', '2: sent @0']);
  });

  it('are cut by count and by size', async () => {
    const { clock, calls, push } = stage({ maxBatch: 2 });
    for (const body of ['1', '2', '3', `4${'x'.repeat(1_100_000)}`]) push(body);
    for (let i = 0; i < 3; i++) {
      await clock.settle();
      await calls[i]?.answer();
    }
    expect(bodies(calls)).toEqual(['1 2', '3', '4xxxx']);
  });

  it('of one name: the last is sent, at the end', async () => {
    const { clock, calls, push, told } = stage();
    push('a1', { name: 'a' });
    push('b1', { name: 'b' });
    push('a2', { name: 'a' });
    await clock.settle();
    expect(bodies(calls)).toEqual(['b1 a2']);
    expect(told).toEqual(['a1: a later one of its key took its place @0']);
    push('c1');
    push('a3', { name: 'a' });
    await calls[0]?.answer();
    expect(bodies(calls)).toEqual(['b1 a2', 'c1 a3']);
  });

  it('are not too many: the oldest go, and their names with them', async () => {
    const { clock, calls, push, told } = stage({ maxWaiting: 2 });
    push('0');
    await clock.settle();
    push('1', { name: 'x' });
    push('2');
    push('3');
    push('4', { name: 'x' });
    await clock.settle();
    expect(told).toEqual(['1: too many wait to be sent @0', '2: too many wait to be sent @0']);
    await calls[0]?.answer();
    expect(bodies(calls)).toEqual(['0', '3 4']);
  });
});

describe('a broker that fails', () => {
  it('is not asked again for the same signals: they are told as not sent, and the next are tried', async () => {
    const { clock, calls, push, told } = stage();
    push('1');
    await clock.settle();
    push('2');
    await calls[0]?.fail(new StoreUnavailable('away'));
    expect(told).toEqual(['1: away @0']);
    expect(bodies(calls)).toEqual(['1', '2']);
  });

  it('and never answers: every promise settles in its time, and what has become old is not sent', async () => {
    const { clock, calls, push, told } = stage();
    push('1', { within: 400 });
    await clock.settle();
    push('2', { within: 600 });
    push('3', { within: 5_000 });
    push('4', { within: 300, name: 'x' });
    await clock.advance(1_000);
    expect(told).toEqual([
      '4: it has become old @300',
      '1: the broker has not answered in time @400',
      '2: it has become old @600',
    ]);
    expect(bodies(calls)).toEqual(['1', '3']);
    push('5');
    push('6', { name: 'x' });
    await calls[1]?.answer();
    expect(bodies(calls)).toEqual(['1', '3', '5 6']);
  });
});

describe('an outbox of signals that ends', () => {
  it('is drained when the last call was answered', async () => {
    const { clock, box, calls, push } = stage();
    await box.drained();
    push('1');
    let drained = false;
    void box.drained().then(() => (drained = true));
    await clock.settle();
    expect(drained).toBe(false);
    await calls[0]?.answer();
    expect(drained).toBe(true);
  });

  it('tells all that were not answered, takes no more, and leaves no timer', async () => {
    const { clock, box, calls, push, told } = stage();
    push('1');
    await clock.settle();
    push('2');
    box.close();
    push('3');
    await clock.settle();
    expect(told.toSorted()).toEqual(['1', '2', '3'].map((body) => `${body}: the bus is closed @0`));
    await calls[0]?.answer();
    expect(bodies(calls)).toEqual(['1']);
    expect(clock.pending).toBe(0);
  });
});
