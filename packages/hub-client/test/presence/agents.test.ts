import { expect, it } from 'vitest';
import { live } from '../support/live.ts';
import { bot, idOf } from '../support/values.ts';

it('agents are told while somebody watches them: who is at work, how busy, and who went', async () => {
  const { fake, hub, clock } = await live();
  const loads = (): unknown[] =>
    [...(hub.snapshot().agents?.members.values() ?? [])].map(({ userId, online, load }) => [
      userId,
      online,
      load,
    ]);
  fake.presence.agent(bot, { capabilities: ['review'], load: 0.25 });
  await clock.settle();
  expect(hub.snapshot().agents).toBeUndefined();
  const [close, second] = [hub.watchAgents(), hub.watchAgents()];
  await clock.settle();
  expect(hub.snapshot().agents?.stale).toBe(false);
  expect(loads()).toEqual([[bot, true, 0.25]]);
  fake.presence.agent(bot, { load: 1 });
  fake.presence.agent(idOf(3));
  await clock.settle();
  fake.presence.agent(bot, { online: false, load: null });
  await clock.settle();
  expect(loads()).toEqual([
    [bot, false, null],
    [idOf(3), true, null],
  ]);
  close();
  fake.cut();
  await clock.settle();
  expect(hub.snapshot().agents?.stale).toBe(true);
  await clock.advance(1_000);
  expect(hub.snapshot().agents?.stale).toBe(false);
  second();
  await clock.settle();
  expect([hub.snapshot().agents, fake.presence.isWatched()]).toEqual([undefined, false]);
  fake.presence.agent(bot);
  await clock.settle();
  expect(hub.snapshot().agents).toBeUndefined();
});

it('agents that the hub cannot tell surely are asked for again', async () => {
  const { fake, hub, clock } = await live();
  fake.presence.shown = { stale: true };
  hub.watchAgents();
  await clock.settle();
  expect(hub.snapshot().agents?.stale).toBe(true);
  fake.presence.shown = {};
  await clock.advance(30_000);
  expect(hub.snapshot().agents?.stale).toBe(false);
});
