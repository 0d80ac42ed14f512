import type { ConnectionState, HubOptions } from '@parley/hub-client';
import { virtualClock, type Clock, type VirtualClock } from '@parley/cache-core/kernel';
import { HubError, toProblem } from '@parley/hub-protocol';
import { describe, expect, it } from 'vitest';
import { failureOf } from './support/failure.ts';
import { FakeHub } from './support/fake-hub.ts';
import { clientOf } from './support/sockets.ts';
import { bot, general } from './support/values.ts';

async function live(options: Partial<HubOptions> = {}, virtual?: VirtualClock) {
  const fake = new FakeHub();
  const room = fake.room(general);
  const { hub, clock: own } = clientOf(fake, options);
  const clock = virtual ?? own;
  const phases: string[] = [];
  hub.subscribe(() => {
    const { phase } = hub.snapshot().connection;
    if (phases.at(-1) !== phase) phases.push(phase);
  });
  await clock.advance(1);
  const state = (): ConnectionState => hub.snapshot().connection;
  return { fake, room, hub, clock, phases, state };
}

const hellos = (fake: FakeHub): number => fake.heard.filter(({ type }) => type === 'hello').length;

describe('a connection', () => {
  it('says who the user is, and where it stands the next time', async () => {
    const { fake, room, clock, state, phases } = await live({ token: 'secret' });
    expect(state()).toMatchObject({ phase: 'live', nodeId: 'n1' });
    expect(fake.heard[0]).toMatchObject({ type: 'hello', token: 'secret', subscribe: 'joined', version: 1 });
    expect(fake.heard[0]).not.toHaveProperty('positions');
    room.say(bot, 'one');
    await clock.settle();
    fake.cut();
    await clock.advance(1_000);
    expect(fake.heard.filter(({ type }) => type === 'hello')[1]).toMatchObject({
      epoch: 'epoch-1',
      positions: { [general]: 1 },
    });
    expect(phases).toEqual(['connecting', 'live', 'waiting', 'connecting', 'live']);
  });

  it.each([
    ['close', { code: 1006, reason: '' }],
    ['error', {}], // all that Node 22 tells when nobody answers
  ])('waits longer after each failure, and at random: told by %s', async (told, event) => {
    const pauses: number[] = [];
    const fake = new FakeHub();
    fake.connect = () => {
      throw new Error('nobody is there');
    };
    const { hub, clock } = clientOf(fake, {
      WebSocket: class {
        send(): void {}
        close(): void {}
        addEventListener(type: string, listener: (event: never) => void): void {
          // oxlint-disable-next-line typescript/no-unsafe-type-assertion
          if (type === told) queueMicrotask(() => listener(event as never));
        }
      },
    });
    hub.subscribe(() => {
      const { connection } = hub.snapshot();
      if (connection.phase === 'waiting') pauses.push(connection.until - clock.now());
    });
    await clock.advance(200_000);
    expect(pauses.slice(0, 6)).toEqual([250, 500, 1_000, 2_000, 4_000, 8_000]);
    expect(Math.max(...pauses)).toBe(15_000);
    hub.close();
  });

  it('asks for a sign of life when it hears nothing, and gives up without one', async () => {
    const { fake, clock, phases } = await live();
    await clock.advance(31_000);
    expect(fake.heard.at(-1)).toEqual({ type: 'ping' });
    await clock.advance(200_000);
    expect(phases).toEqual(['connecting', 'live']);
    fake.refuse = () => 'deaf';
    await clock.advance(61_000);
    expect(phases.slice(0, 3)).toEqual(['connecting', 'live', 'waiting']);
  });

  it('comes back when the hub says, after it went away', async () => {
    const { fake, clock, state } = await live();
    fake.say({ type: 'goodbye', reason: 'drain', reconnectAfter: 1_234 });
    await clock.settle();
    fake.cut(1012);
    await clock.settle();
    expect(state()).toMatchObject({ phase: 'waiting', until: clock.now() + 1_234 });
    await clock.advance(1_233);
    expect(hellos(fake)).toBe(1);
    await clock.advance(2);
    expect(hellos(fake)).toBe(2);
  });

  it('that is sent away again and again waits longer each time', async () => {
    const { fake, clock } = await live();
    for (let round = 0; round < 200; round += 1) {
      fake.say({ type: 'goodbye', reason: 'drain', reconnectAfter: 0 });
      fake.cut(1012);
      await clock.advance(100);
    }
    expect(hellos(fake)).toBeGreaterThan(3);
    expect(hellos(fake)).toBeLessThan(12);
  });

  it('to a hub that says that it takes nothing fails what is sent, and nothing else', async () => {
    const fake = new FakeHub();
    fake.limits.frameBytes = 0;
    fake.limits.append = -1;
    const room = fake.room(general);
    const { hub, clock } = clientOf(fake);
    await clock.advance(1);
    hub.listen('marketplace');
    expect(await failureOf(hub.send(general, { content: 'hello' }).message)).toMatchObject({
      code: 'TOO_LARGE',
    });
    fake.cut();
    await clock.advance(100_000);
    room.say(bot, 'one');
    await clock.settle();
    expect(hub.snapshot()).toMatchObject({ connection: { phase: 'live' } });
    expect(hub.snapshot().channels.get(general)?.position).toBe(1);
    hub.close();
  });

  it('that is refused for now waits as long as the refusal says', async () => {
    const { fake, clock, state } = await live();
    const error = toProblem(new HubError('RATE_LIMITED', 'too many connections', { retryAfter: 7_000 }));
    fake.say({ type: 'error', error });
    fake.cut(4429);
    await clock.settle();
    expect(state()).toMatchObject({ phase: 'waiting', until: clock.now() + 7_000 });
  });

  it('of a page that slept is not given up before it could hear', async () => {
    const virtual = virtualClock();
    let slept = 0;
    const clock: Clock = {
      now: () => virtual.now() + slept,
      monotonic: () => virtual.monotonic() + slept,
      timer: (...args) => virtual.timer(...args),
      sleep: (...args) => virtual.sleep(...args),
    };
    const { fake, phases, hub } = await live({ clock }, virtual);
    await virtual.advance(29_000);
    slept = 600_000;
    await virtual.advance(1_500);
    expect(fake.heard.at(-1)).toEqual({ type: 'ping' });
    expect(phases).toEqual(['connecting', 'live']);
    // The answer waits behind the timer that was due while the page slept again.
    fake.refuse = () => 'silence';
    await virtual.advance(25_000);
    const pings = (): number => fake.heard.filter(({ type }) => type === 'ping').length;
    slept += 600_000;
    const before = pings();
    await virtual.advance(10_000);
    expect(pings()).toBe(before + 1);
    expect(phases).toEqual(['connecting', 'live']);
    await virtual.advance(31_000);
    expect(phases[2]).toBe('waiting');
    hub.close();
  });

  it('ends where credentials are needed, and goes on with new ones', async () => {
    let token = 'good';
    const { fake, clock, hub, state } = await live({ token: () => token });
    fake.allows = (token) => token === 'better';
    fake.cut();
    await clock.advance(5_000);
    expect(state()).toMatchObject({ phase: 'closed', reason: 'sign-in', error: { code: 'UNAUTHENTICATED' } });
    await clock.advance(100_000);
    expect(hellos(fake)).toBe(2);
    token = 'better';
    hub.connect();
    await clock.advance(1);
    expect(state().phase).toBe('live');
  });

  it('that never came to be tells so to whoever waits for it, and can be waited for again', async () => {
    const fake = new FakeHub();
    fake.room(general);
    fake.allows = () => false;
    const { hub, clock } = clientOf(fake);
    const refused = failureOf(hub.ready);
    await clock.advance(1);
    expect(await refused).toMatchObject({ code: 'UNAUTHENTICATED' });
    fake.allows = () => true;
    hub.connect();
    await clock.advance(1);
    await hub.ready;
    expect(hub.snapshot().ready).toBe(true);
    fake.cut(4401);
    await clock.settle();
    await hub.ready;
    hub.close();
    await hub.ready;
  });

  it('ends where the hub does not understand it', async () => {
    const { fake, clock, state } = await live();
    fake.cut(4409);
    await clock.advance(100_000);
    expect(state()).toMatchObject({ phase: 'closed', reason: 'stop' });
    expect(hellos(fake)).toBe(1);
  });

  it('tells the error that the hub ended it with, and none that came long before', async () => {
    const { fake, room, clock, state } = await live();
    const error = toProblem(new HubError('MALFORMED', 'no JSON'));
    fake.say({ type: 'error', error });
    await clock.settle();
    room.say(bot, 'one');
    await clock.settle();
    fake.cut();
    await clock.settle();
    expect(state()).toMatchObject({ phase: 'waiting', error: undefined });
    await clock.advance(5_000);
    fake.say({ type: 'error', error });
    fake.cut(4400);
    await clock.settle();
    expect(state()).toMatchObject({ phase: 'closed', reason: 'stop', error: { code: 'MALFORMED' } });
  });

  it('goes by what the browser says of the network', async () => {
    const network = new EventTarget();
    const { fake, clock, state } = await live({ network, random: () => 0.999 });
    network.dispatchEvent(new Event('offline'));
    expect(state().phase).toBe('waiting');
    network.dispatchEvent(new Event('online'));
    await clock.settle();
    expect(state().phase).toBe('live');
    expect(hellos(fake)).toBe(2);
  });

  it('leaves nothing behind when it is closed', async () => {
    const { hub, clock, state, fake } = await live();
    hub.close();
    hub.close();
    expect(state()).toMatchObject({ phase: 'closed', reason: 'user' });
    hub.connect();
    await clock.settle();
    expect(fake.links.size).toBe(0);
    expect(clock.pending).toBe(0);
  });
});
