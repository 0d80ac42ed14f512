import { describe, expect, it } from 'vitest';
import { answering, ask, greet, processes } from './processes.ts';
import { pass, quiet, watch } from './support.ts';

describe('a request', () => {
  it('is answered by one of those who respond, each in turn', async () => {
    const {
      clock,
      buses: [asker, one, two],
    } = processes(3);
    const [first, second] = [await answering(clock, one, 'one'), await answering(clock, two, 'two')];
    for (let i = 0; i < 10; i++) await ask(clock, asker, `${i}`);
    expect(first.asked.length + second.asked.length).toBe(10);
    expect(Math.min(first.asked.length, second.asked.length)).toBeGreaterThanOrEqual(4);
  });

  it('may be answered by the process that asks', async () => {
    const {
      clock,
      buses: [bus],
    } = processes(1);
    await answering(clock, bus, 'me');
    expect((await ask(clock, bus, 'hi')).outcome).toBe('hi from me@0');
  });

  it('that nobody answers is told so within a second, and nothing was done', async () => {
    const {
      clock,
      said,
      buses: [asker],
    } = processes(1);
    const asked = await ask(clock, asker, 'hi');
    await pass(clock, 1_000);
    expect(asked.error).toMatchObject({ code: 'NO_RESPONDER', retryable: true });
    expect(said).toEqual(['ask']);
    expect(asker?.stats()).toMatchObject({ requests: 1, unanswered: 1 });
  });

  it('finds another responder within a second when all that were known are gone', async () => {
    const {
      clock,
      buses: [asker, last, ...gone],
    } = processes(22);
    const responders = await Promise.all(gone.map((bus) => answering(clock, bus, 'gone')));
    for (let i = 0; i < 3; i++) await ask(clock, asker, 'hi');
    for (const { responder } of responders) await responder?.close();
    await answering(clock, last, 'last');
    const asked = await ask(clock, asker, 'hi');
    await pass(clock, 1_000);
    expect(asked.outcome).toMatch(/^hi from last/);
  });

  it('goes to somebody else when who is asked is busy', async () => {
    const {
      clock,
      buses: [asker, one, two],
    } = processes(3);
    const busy = await answering(clock, one, 'one', 1);
    await ask(clock, asker, 'wait');
    expect(busy.asked).toEqual(['wait']);
    await answering(clock, two, 'two');
    const asked = await ask(clock, asker, 'hi');
    await pass(clock, 400);
    expect(asked.outcome).toMatch(/^hi from two/);
  });

  it('among many at the same moment is never answered by more at once than a responder takes, and none fails for that', async () => {
    const {
      clock,
      buses: [asker, one, two],
    } = processes(3);
    const first = await answering(clock, one, 'one', 2);
    const second = await answering(clock, two, 'two', 2);
    const asked = await Promise.all(Array.from({ length: 4 }, (_, i) => ask(clock, asker, `wait ${i}`)));
    await pass(clock, 500);
    expect([first.asked.length, second.asked.length]).toEqual([2, 2]);
    for (const end of [...first.ends, ...second.ends]) end();
    await quiet(clock);
    expect(asked.every(({ outcome }) => outcome?.startsWith('wait'))).toBe(true);
  });

  it('to which nobody has room is told that nobody answers', async () => {
    const {
      clock,
      buses: [asker, one],
    } = processes(2);
    const { asked } = await answering(clock, one, 'one', 1);
    await ask(clock, asker, 'wait');
    const second = await ask(clock, asker, 'hi');
    await pass(clock, 1_500);
    expect([second.outcome?.split('@')[0], asked]).toEqual(['NO_RESPONDER', ['wait']]);
  });

  it('whose responder dies at work fails at its deadline, and is done by nobody else', async () => {
    const {
      clock,
      buses: [asker, one, two],
    } = processes(3, ({ q }) => q === 'reply');
    const [first, second] = [await answering(clock, one, 'one'), await answering(clock, two, 'two')];
    const asked = await ask(clock, asker, 'hi');
    await pass(clock, 5_000);
    expect(asked.outcome).toBe('DEADLINE_EXCEEDED@5000');
    expect(first.asked.length + second.asked.length).toBe(1);
  });

  it('whose handler fails is told why, once', async () => {
    const {
      clock,
      buses: [asker, one],
    } = processes(2);
    one?.respond(greet, () => {
      throw new Error('not today');
    });
    await quiet(clock);
    const asked = await ask(clock, asker, 'hi');
    expect(asked.error).toMatchObject({ code: 'REQUEST_FAILED', evidence: { from: one?.source } });
    expect(String(asked.error)).toContain('not today');
  });

  it('whose answer does not fit its schema, or the limit of messages, is told so', async () => {
    const {
      clock,
      buses: [asker, one],
    } = processes(2);
    let answer: unknown = 7;
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    one?.respond(greet, () => answer as string);
    await quiet(clock);
    expect(String((await ask(clock, asker, 'hi')).error)).toContain('reply must be');
    answer = 'x'.repeat(2_000_000);
    expect(String((await ask(clock, asker, 'hi')).error)).toContain('no larger than');
  });

  it('that is too large itself is refused, and harms no other', async () => {
    const {
      clock,
      buses: [asker, one],
    } = processes(2);
    await answering(clock, one, 'one');
    const [large, small] = [ask(clock, asker, 'x'.repeat(2_000_000)), ask(clock, asker, 'hi')];
    expect((await large).outcome).toBe('INVALID_ARGUMENT@0');
    expect((await small).outcome).toBe('hi from one@0');
  });

  it('that is given up, or whose bus is closed, rejects at once and leaves nothing behind', async () => {
    const {
      clock,
      buses: [asker, one],
    } = processes(2);
    await answering(clock, one, 'one');
    const leaving = new AbortController();
    const left =
      asker === undefined
        ? undefined
        : watch(asker.request(greet, 'wait', { signal: leaving.signal }), clock);
    const closed = await ask(clock, asker, 'wait');
    leaving.abort();
    await quiet(clock);
    expect(left?.outcome).toBe('ABORTED@0');
    await asker?.close();
    await quiet(clock);
    expect(closed.outcome).toBe('CLOSED@0');
  });
});
