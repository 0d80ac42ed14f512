import { defineTopic } from '@parley/bus';
import { defineKey } from '@parley/cache-core';
import { openParley } from '@parley/runtime';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';

// #region define
const thought = z.object({ agent: z.string(), text: z.string() });

/** What has been thought in each session, in order, for as long as the session may be needed. */
const thoughts = defineTopic('collaboration.thought', {
  class: 'stream',
  schema: thought,
  retention: { count: 10_000, age: '1h' },
});

/** How a session stands: what follows from its thoughts, up to a place. */
const state = z.object({
  agents: z.array(z.string()),
  count: z.number(),
  last: z.string(),
  at: z.object({ epoch: z.string(), offset: z.number() }).optional(),
});
type State = z.infer<typeof state>;

/** It lives for an hour after it was last asked for. */
const states = defineKey('collaboration', state, { ttl: '1h', sliding: true });
// #endregion define

const { cache, bus, close } = await openParley();

// #region state
const nothing: State = { agents: [], count: 0, last: '' };

/** How the session stands now: what was kept of it, and what was thought since. */
async function stateOf(session: string): Promise<State> {
  const kept = await cache.region(states).get(session);
  let now = kept ?? nothing;
  for (let more = true; more;) {
    const { messages, next, gap } = await bus.history(thoughts, { channel: session, after: now.at });
    more = gap || messages.length > 0;
    // The log is another one, or goes back no further: then what it has is all there is.
    now = gap ? nothing : { ...messages.reduce((so, { data }) => after(so, data), now), at: next };
  }
  // Whoever is later keeps what is older only for a moment: it is made of the same log.
  if (now.count !== kept?.count) await cache.region(states).set(session, now);
  return now;
}

function after({ agents, count, at }: State, { agent, text }: z.infer<typeof thought>): State {
  return { agents: agents.includes(agent) ? agents : [...agents, agent], count: count + 1, last: text, at };
}
// #endregion state

/** Somebody who watches a session. */
class Screen {
  readonly lines: string[] = [];
  readonly show = (line: string): void => void this.lines.push(line);
}

async function watch(session: string, { show }: Screen) {
  // #region watch
  // What there is, with the place up to which it is; then everything behind that place, each thought once and in order.
  const snapshot = await bus.history(thoughts, { channel: session, limit: 10_000 });
  for (const { data } of snapshot.messages) show(`${data.agent}: ${data.text}`);

  const live = bus.subscribe(thoughts, ({ data }) => show(`${data.agent}: ${data.text}`), {
    channel: session,
    from: snapshot.next,
    onGap: ({ reason }) => show(`some of it is missing (${reason})`),
  });
  // #endregion watch
  return live;
}

describe('a collaboration session', () => {
  const think = (session: string, agent: string, text: string) =>
    bus.publish(thoughts, { agent, text }, { channel: session });

  it('is watched from its snapshot on, without a thought missing or coming twice', async () => {
    await think('s1', 'ada', 'first');
    await think('s1', 'bob', 'second');
    const screen = new Screen();
    const before = await bus.history(thoughts, { channel: 's1' });
    // Between the snapshot and the subscription, and while the subscription begins.
    const busy = Array.from({ length: 20 }, (_, i) => `thought ${i}`);
    const thinking = (async () => {
      for (const text of busy) await think('s1', 'ada', text);
    })();
    const live = await watch('s1', screen);
    await thinking;
    await think('s1', 'bob', 'last');
    await expect.poll(() => screen.lines.at(-1), { timeout: 20_000 }).toBe('bob: last');
    expect(before.messages).toHaveLength(2);
    expect(screen.lines).toEqual([
      'ada: first',
      'bob: second',
      ...busy.map((text) => `ada: ${text}`),
      'bob: last',
    ]);
    await live.close();
  }, 60_000);

  it('stands as what was thought in it says, also where what was kept is gone', async () => {
    for (let i = 0; i < 150; i++) await think('s2', i % 2 === 0 ? 'ada' : 'bob', `thought ${i}`);
    const expected = { agents: ['ada', 'bob'], count: 150, last: 'thought 149' };
    expect(await stateOf('s2')).toMatchObject(expected);
    expect(await cache.region(states).get('s2')).toMatchObject(expected);
    await think('s2', 'cy', 'one more');
    const later = { agents: ['ada', 'bob', 'cy'], count: 151, last: 'one more' };
    expect(await stateOf('s2')).toMatchObject(later);
    await cache.region(states).delete('s2');
    expect(await stateOf('s2')).toMatchObject(later);
    expect(await stateOf('s3')).toMatchObject({ count: 0 });
  }, 60_000);

  it('closes what it opened', async () => {
    await expect(close()).resolves.toBeUndefined();
  });
});
