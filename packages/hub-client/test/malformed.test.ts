import { eventExamples, serverFrameExamples } from '@parley/hub-protocol/openapi';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { failureOf } from './support/failure.ts';
import { FakeHub } from './support/fake-hub.ts';
import { live, seqsOf } from './support/live.ts';
import { expectSame } from './support/same.ts';
import { clientOf } from './support/sockets.ts';
import { bot, general } from './support/values.ts';

/** Says something to every client, whatever it is. */
function shout(fake: FakeHub, text: string): void {
  for (const link of fake.links.keys()) link.write(text);
}

/** A frame with something else in one of its places. */
const broken = fc
  .tuple(
    fc.constantFrom<object>(
      ...Object.values(serverFrameExamples).filter(({ type }) => type !== 'goodbye' && type !== 'welcome'),
      ...eventExamples.map((example) => ({ type: 'event', ...example })),
    ),
    fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
    fc.constantFrom('null', '-1', '1.5', '"x"', '{}', '[]', '{"__proto__":{"seq":9}}', 'true', '1e999'),
  )
  .map(([example, where, by]) => {
    const text = JSON.stringify(example);
    const holes = [...text.matchAll(/:("(?:[^"\\]|\\.)*"|\d+|null|true|false)/g)];
    const hole = holes[Math.floor(where * holes.length)];
    const from = (hole?.index ?? 0) + 1;
    return text.slice(0, from) + by + text.slice(from + (hole?.[1]?.length ?? 0));
  });

describe('what cannot be read', () => {
  it('is no event, spoils no state and ends no connection', { timeout: 60_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.oneof(broken, fc.json(), fc.string()), { maxLength: 8 }),
        async (texts) => {
          const { fake, room, hub, clock } = await live();
          room.say(bot, 'before');
          // What is broken of it may still be read, and mean another channel or a number far ahead.
          for (const text of texts) shout(fake, text);
          await clock.settle();
          room.say(bot, 'after');
          await clock.settle();
          expect(seqsOf(hub, general)).toEqual([1, 2]);
          fake.turn('epoch-2');
          fake.cut();
          await clock.advance(60_000);
          fake.beacon();
          await clock.advance(60_000);
          expectSame(hub, room);
          hub.close();
          expect(clock.pending).toBe(0);
        },
      ),
      { numRuns: 150 },
    );
  });

  it('of an event that is missed so is asked for again', async () => {
    const { fake, room, hub, clock } = await live();
    fake.mangle = () => [];
    room.say(bot, 'one');
    fake.mangle = (frames) => frames;
    shout(fake, JSON.stringify({ type: 'event', ...room.log[0], timestamp: 'now' }));
    room.say(bot, 'two');
    await clock.advance(1_000);
    expect(seqsOf(hub, general)).toEqual([1, 2]);
    expectSame(hub, room);
  });

  it('of an event that is known takes its number, and the channel is read anew', async () => {
    const { fake, room, hub, clock } = await live();
    await hub.loadOlder(general);
    fake.mangle = () => [];
    room.say(bot, 'one');
    fake.mangle = (frames) => frames;
    const faults: unknown[] = [];
    hub.on('event', (event) => faults.push(event.type === 'unknown' && event.fault));
    const event = { ...room.log[0]?.event, message: { content: 'no message' } };
    shout(fake, JSON.stringify({ type: 'event', ...room.log[0], event }));
    await clock.advance(1_000);
    expect(faults).toEqual(['message.id must be a string']);
    expectSame(hub, room);
    expect(seqsOf(hub, general)).toEqual([1]);
  });

  it('instead of a welcome is told, and tried again ever less often', async () => {
    const fake = new FakeHub();
    fake.room(general);
    const connect = fake.connect.bind(fake);
    let attempts = 0;
    fake.connect = (link) => {
      attempts += 1;
      return connect({
        ...link,
        write: (text) => link.write(text.replace('"heartbeat":30000', '"heartbeat":"soon"')),
      });
    };
    const { hub, clock } = clientOf(fake);
    await clock.advance(1);
    expect(hub.snapshot().connection).toMatchObject({
      phase: 'waiting',
      error: { code: 'INTERNAL', message: 'the hub cannot be understood: heartbeat must be a whole number' },
    });
    await clock.advance(60_000);
    expect(attempts).toBeGreaterThan(4);
    expect(attempts).toBeLessThan(15);
    fake.connect = connect;
    await clock.advance(30_000);
    await hub.ready;
    hub.close();
  });

  it('of an answer is an error of the call, which names the field', async () => {
    const { fake, hub } = await live();
    const user = { ...fake.users.values().next().value, createdAt: 'yesterday' };
    fake.users.clear();
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    fake.users.set(general, user as never);
    const failure = await failureOf(hub.call('listUsers'));
    expect(failure).toMatchObject({
      code: 'INTERNAL',
      cause: { code: 'INVALID', field: 'items[0].createdAt' },
    });
    hub.close();
  });
});
