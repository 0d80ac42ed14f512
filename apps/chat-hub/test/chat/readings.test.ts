import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Caller } from '../../src/access/caller.ts';
import { as, codeOf, databases, openWorld, type World } from '../support/world.ts';

vi.setConfig({ testTimeout: 90_000 });

describe.each(databases)('read markers on %s', (kind) => {
  let world: World;
  let [ann, bob, cod, eve]: Caller[] = [];

  beforeAll(async () => {
    world = await openWorld(kind);
    ann = await world.user('ann');
    bob = await world.user('bob');
    cod = await world.user('cod', { kind: 'agent' });
    eve = await world.user('eve');
  });
  afterAll(() => world[Symbol.asyncDispose]());

  let rooms = 0;
  const room = async (): Promise<string> =>
    (
      await world.chat.channels.create(as(ann), {
        kind: 'private',
        name: `r-${(rooms += 1)}`,
        members: [as(bob).userId, as(cod).userId],
      })
    ).id;
  const of = async (who: Caller, channelId: string): Promise<unknown> => {
    const reading = (await world.chat.readings.list(who)).items.find((one) => one.channelId === channelId);
    return [reading?.unread, reading?.mentions];
  };

  test('count what others said since, and who was called', async () => {
    const id = await room();
    await world.chat.messages.send(as(ann), id, { content: 'one' });
    await world.chat.messages.send(as(ann), id, { content: 'two @bob' });
    await world.chat.messages.send(as(bob), id, { content: 'three @here' });
    expect(await of(as(ann), id)).toEqual([1, 1]);
    expect(await of(as(bob), id)).toEqual([2, 1]);
    expect(await of(as(cod), id)).toEqual([3, 1]);
  });

  test('only move forward, not beyond the log, and tell the other connections of the same user', async () => {
    const id = await room();
    const sent = [];
    for (let i = 0; i < 4; i += 1)
      sent.push(await world.chat.messages.send(as(ann), id, { content: `${i} @bob` }));
    const [, second, third] = sent.map(({ seq }) => seq);
    const { mark } = world.chat.readings;
    expect(await mark(as(bob), id, third ?? 0)).toEqual({
      channelId: id,
      lastReadSeq: third,
      unread: 1,
      mentions: 1,
    });
    const told = world.told.moments.length;
    expect(await mark(as(bob), id, second ?? 0)).toEqual({
      channelId: id,
      lastReadSeq: third,
      unread: 1,
      mentions: 1,
    });
    expect(world.told.moments.length).toBe(told);
    expect(world.told.moments.at(-1)).toMatchObject({
      to: `agent:${as(bob).userId}`,
      event: { type: 'channel.read' },
    });
    const head = await world.chat.logs.head(as(bob), id);
    expect(await mark(as(bob), id, 1e15)).toEqual({
      channelId: id,
      lastReadSeq: head,
      unread: 0,
      mentions: 0,
    });
    expect(await codeOf(mark(as(eve), id, 1))).toBe('NOT_FOUND');
  });

  test('begin at the end for who comes later, and anew for who comes back', async () => {
    const id = await room();
    await world.chat.messages.send(as(ann), id, { content: 'old' });
    await world.chat.channels.putMember(as(ann), id, as(eve).userId, undefined);
    expect(await of(as(eve), id)).toEqual([0, 0]);
    await world.chat.messages.send(as(ann), id, { content: 'new @eve' });
    expect(await of(as(eve), id)).toEqual([1, 1]);
    await world.chat.channels.leave(as(eve), id);
    await world.chat.channels.putMember(as(ann), id, as(eve).userId, undefined);
    expect(await of(as(eve), id)).toEqual([0, 0]);
  });

  test('agree with the messages that are there, whatever happened', async () => {
    type Step = readonly [what: 'send' | 'reply' | 'think' | 'delete' | 'mark', who: number, which: number];
    const step: fc.Arbitrary<Step> = fc.tuple(
      fc.constantFrom('send', 'send', 'reply', 'think', 'delete', 'mark'),
      fc.nat(2),
      fc.nat(30),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 25 }), async (steps) => {
        const id = await room();
        const people = [as(ann), as(bob), as(cod)];
        const model: {
          id: string;
          seq: number;
          from: number;
          counts: boolean;
          calls: number;
          gone: boolean;
        }[] = [];
        const read = [0, 0, 0];
        for (const [what, who, which] of steps) {
          const caller = people[who] ?? as(ann);
          const chosen = model[which % Math.max(1, model.length)];
          if (what === 'mark') {
            const head = await world.chat.logs.head(caller, id);
            const { lastReadSeq } = await world.chat.readings.mark(caller, id, ((which * head) / 30) | 0);
            read[who] = lastReadSeq;
          } else if (what === 'delete') {
            if (chosen === undefined || chosen.gone) continue;
            await world.chat.messages.delete(people[chosen.from] ?? as(ann), chosen.id);
            chosen.gone = true;
          } else {
            if (what === 'think' && who !== 2) continue;
            const root = what === 'reply' ? model.find((one) => one.counts && !one.gone) : undefined;
            const calls = which % 3;
            const { id: messageId, seq } = await world.chat.messages.send(caller, id, {
              content: `@${people[calls]?.handle}`,
              ...(what === 'think' && { kind: 'thought' as const }),
              ...(root && { threadId: root.id }),
            });
            model.push({
              id: messageId,
              seq,
              from: who,
              counts: what !== 'think' && root === undefined,
              calls: what === 'think' || calls === who ? -1 : calls,
              gone: false,
            });
          }
        }
        for (const [i, person] of people.entries()) {
          const behind = model.filter((one) => one.seq > (read[i] ?? 0) && !one.gone);
          expect(await of(person, id)).toEqual([
            behind.filter((one) => one.counts && one.from !== i).length,
            behind.filter((one) => one.calls === i).length,
          ]);
        }
      }),
      { numRuns: kind === 'embedded' ? 15 : 25 },
    );
  });
});
