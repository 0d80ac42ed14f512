import { HubError } from '@parley/hub-protocol';
import type { RosterState } from '@parley/hub-client';
import { describe, expect, it } from 'vitest';
import { live } from '../support/live.ts';
import { ada, bot, general, idOf, random } from '../support/values.ts';

const cleo = idOf(3);

async function watching() {
  const world = await live();
  const { fake, hub, clock } = world;
  fake.presence.comes(general, ada);
  fake.presence.comes(general, bot);
  const close = hub.watch(general);
  await clock.settle();
  const roster = (): RosterState | undefined => hub.snapshot().rosters.get(general);
  const here = (): string[] => [...(roster()?.members.keys() ?? [])];
  const typing = (): string[] => (roster()?.typing ?? []).map(({ userId }) => userId);
  const asked = (type = 'watch'): number => fake.heard.filter((frame) => frame.type === type).length;
  return { ...world, close, roster, here, typing, asked };
}

describe('a roster', () => {
  it('is there while somebody watches, and is asked for once, however many do', async () => {
    const { fake, hub, clock, close, roster, here, asked } = await watching();
    expect(here()).toEqual([ada, bot]);
    expect(roster()).toMatchObject({ users: 2, complete: true, stale: false, typing: [] });
    const second = hub.watch(general);
    await clock.settle();
    expect(asked()).toBe(1);
    close();
    close();
    await clock.settle();
    expect(fake.presence.isWatched(general)).toBe(true);
    second();
    await clock.settle();
    expect(fake.presence.isWatched(general)).toBe(false);
    expect(hub.snapshot().rosters.size).toBe(0);
    expect(asked('unwatch')).toBe(1);
  });

  it('takes in who comes, who goes, and how they want to be seen', async () => {
    const { fake, clock, roster, here } = await watching();
    fake.presence.comes(general, cleo, { status: 'away' });
    fake.presence.comes(general, bot, { status: 'dnd', customStatus: 'Busy', emoji: '👀' });
    await clock.settle();
    expect(here()).toEqual([ada, bot, cleo]);
    expect(roster()?.members.get(bot)).toMatchObject({ status: 'dnd', customStatus: 'Busy', emoji: '👀' });
    fake.presence.goes(general, bot);
    await clock.settle();
    expect([here(), roster()?.users]).toEqual([[ada, cleo], 2]);
  });

  it('of a large channel tells how many there are, and takes in those that are listed', async () => {
    const { fake, hub, clock, close, roster } = await watching();
    close();
    fake.presence.shown = { complete: false, users: 5_000 };
    hub.watch(general);
    await clock.settle();
    fake.presence.goes(general, bot);
    await clock.settle();
    expect(roster()).toMatchObject({ complete: false, users: 5_000 });
    expect(roster()?.members.size).toBe(1);
  });

  it('is stale without a connection, and right again with the next one', async () => {
    const { fake, clock, roster, here, typing } = await watching();
    fake.presence.types(general, bot, 'start');
    await clock.settle();
    fake.cut();
    await clock.settle();
    expect(roster()).toMatchObject({ stale: true, typing: [] });
    expect(here()).toEqual([ada, bot]);
    fake.presence.goes(general, ada);
    await clock.advance(1_000);
    expect(roster()?.stale).toBe(false);
    expect([here(), typing()]).toEqual([[bot], [bot]]);
  });

  it('that the hub cannot tell, or cannot tell surely, is asked for again until it can', async () => {
    const { fake, hub, clock, roster, asked } = await watching();
    fake.refuse = ({ type }) => (type === 'watch' ? new HubError('UNAVAILABLE', 'not now') : undefined);
    fake.room(random);
    hub.watch(random);
    await clock.advance(60_000);
    expect(hub.snapshot().rosters.has(random)).toBe(false);
    expect(asked()).toBeLessThan(5);
    fake.refuse = () => undefined;
    fake.presence.shown = { stale: true };
    await clock.advance(30_000);
    expect(hub.snapshot().rosters.get(random)?.stale).toBe(true);
    fake.presence.shown = {};
    await clock.advance(30_000);
    expect(hub.snapshot().rosters.get(random)?.stale).toBe(false);
    const before = asked();
    await clock.advance(120_000);
    expect([asked(), roster()?.stale]).toEqual([before, false]);
  });

  it('that was refused for its rate is asked for when there is room again, and no sooner', async () => {
    const { fake, hub, clock, asked } = await watching();
    fake.refuse = ({ type }) =>
      type === 'watch' ? new HubError('RATE_LIMITED', 'a while', { retryAfter: 7_000 }) : undefined;
    fake.room(random);
    hub.watch(random);
    await clock.settle();
    const before = asked();
    fake.refuse = () => undefined;
    await clock.advance(6_900);
    expect([asked(), hub.snapshot().rosters.has(random)]).toEqual([before, false]);
    await clock.advance(200);
    expect([asked(), hub.snapshot().rosters.has(random)]).toEqual([before + 1, true]);
  });

  it('of a channel that is gone is gone, and comes back where the hub still tells it', async () => {
    const { fake, hub, clock, roster } = await watching();
    fake.refuse = ({ type }) => (type === 'watch' ? new HubError('NOT_FOUND', 'no such channel') : undefined);
    fake.say({ type: 'gone', channelId: general });
    await clock.settle();
    expect(roster()).toBeUndefined();
    expect(hub.snapshot().channels.has(general)).toBe(false);
    fake.refuse = () => undefined;
    await clock.advance(30_000);
    expect(roster()?.users).toBe(2);
    fake.say({ type: 'gone', channelId: general });
    await clock.settle();
    expect(roster()?.users).toBe(2);
  });

  it('keeps what did not change as the same object, and is no other one when nothing did', async () => {
    const { fake, hub, clock, roster } = await watching();
    const before = roster();
    fake.presence.comes(general, bot, { status: 'away' });
    await clock.settle();
    expect(roster()).not.toBe(before);
    expect(roster()?.members.get(ada)).toBe(before?.members.get(ada));
    const snapshot = hub.snapshot();
    fake.say({ type: 'pong' }, { type: 'roster', roster: fake.presence.rosterOf(random) });
    await clock.settle();
    expect(hub.snapshot()).toBe(snapshot);
  });

  it('leaves no timer behind', async () => {
    const { hub, clock } = await watching();
    hub.close();
    expect(clock.pending).toBe(0);
    expect(hub.snapshot().rosters.get(general)?.stale).toBe(true);
  });
});

describe('who types', () => {
  it('is in the roster, in threads too, without oneself', async () => {
    const { fake, hub, clock, roster, typing } = await watching();
    fake.presence.types(general, bot, 'start');
    fake.presence.types(general, cleo, 'start', idOf(900));
    hub.typing(general, 'start');
    await clock.settle();
    expect(roster()?.typing).toEqual([
      { userId: bot, threadId: null },
      { userId: cleo, threadId: idOf(900) },
    ]);
    fake.presence.types(general, bot, 'stop');
    await clock.settle();
    expect(typing()).toEqual([cleo]);
    fake.cut();
    // On another of one's own devices.
    fake.presence.types(general, ada, 'start');
    await clock.advance(1_000);
    expect(typing()).toEqual([cleo]);
  });

  it('ends with whoever goes', async () => {
    const { fake, clock, typing } = await watching();
    fake.presence.types(general, bot, 'start');
    await clock.settle();
    expect(typing()).toEqual([bot]);
    fake.mangle = (frames) =>
      frames.filter((frame) => frame.type !== 'event' || frame.event.type !== 'channel.typing');
    fake.presence.goes(general, bot);
    await clock.settle();
    expect(typing()).toEqual([]);
  });

  it('is asked for again, so that it ends also when the end was lost', async () => {
    const { fake, clock, typing } = await watching();
    fake.presence.types(general, bot, 'start');
    await clock.settle();
    fake.mangle = () => [];
    fake.presence.types(general, bot, 'stop');
    await clock.settle();
    expect(typing()).toEqual([bot]);
    await clock.advance(30_000);
    expect(typing()).toEqual([]);
  });
});
