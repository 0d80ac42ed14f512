import type { ServerFrame } from '@parley/hub-protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FakeHub } from './support/fake-hub.ts';
import type { Room } from './support/room.ts';
import { expectSame, expectSameRoster } from './support/same.ts';
import { clientOf } from './support/sockets.ts';
import { ada, bot, general, idOf, random } from './support/values.ts';

interface Step {
  readonly do:
    | (
        | 'say'
        | 'edit'
        | 'delete'
        | 'react'
        | 'unreact'
        | 'pin'
        | 'unpin'
        | 'reply'
        | 'join'
        | 'leave'
        | 'retitle'
      )
    | ('appear' | 'change' | 'vanish' | 'type' | 'quiet' | 'watch' | 'own-typing')
    | ('send' | 'older' | 'members' | 'read' | 'cut' | 'beacon' | 'epoch' | 'wait' | 'settle' | 'forget');
  readonly pick: number;
  readonly second: boolean;
}

const kinds: readonly Step['do'][] = [
  ...(['say', 'say', 'say', 'edit', 'delete', 'react', 'unreact', 'pin', 'unpin', 'reply'] as const),
  ...(['join', 'leave', 'retitle', 'send', 'send', 'older', 'members', 'read'] as const),
  ...(['appear', 'appear', 'change', 'vanish', 'type', 'quiet', 'watch', 'watch', 'own-typing'] as const),
  ...(['cut', 'beacon', 'epoch', 'wait', 'wait', 'settle', 'settle', 'forget'] as const),
];

const stepArbitrary = fc.record({ do: fc.constantFrom(...kinds), pick: fc.nat(50), second: fc.boolean() });

/** Loses, repeats and swaps frames of events, by lot. */
function mangler(lots: () => number): (frames: readonly ServerFrame[]) => readonly ServerFrame[] {
  let held: ServerFrame[] = [];
  return (frames) => {
    const out: ServerFrame[] = [];
    for (const frame of frames) {
      const lot = lots();
      if (lot < 0.2) continue;
      if (lot < 0.35) held.push(frame);
      else out.push(frame, ...(lot < 0.5 ? [frame] : []));
      if (lot > 0.8) {
        out.push(...held);
        held = [];
      }
    }
    return out;
  };
}

function lotsOf(seed: number): () => number {
  let state = seed | 1;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

function act(step: Step, fake: FakeHub, room: Room): void {
  const all = [...room.messages.values()];
  const some = all[step.pick % Math.max(1, all.length)];
  const who = step.pick % 2 === 0 ? ada : bot;
  const somebody = idOf(500 + (step.pick % 5));
  if (step.do === 'appear') fake.presence.comes(room.channel.id, somebody);
  else if (step.do === 'change') fake.presence.comes(room.channel.id, somebody, { status: 'dnd' });
  else if (step.do === 'vanish') fake.presence.goes(room.channel.id, somebody);
  else if (step.do === 'type') fake.presence.types(room.channel.id, somebody, 'start');
  else if (step.do === 'quiet') fake.presence.types(room.channel.id, somebody, 'stop');
  else if (step.do === 'say') room.say(bot, `said ${step.pick}`);
  else if (step.do === 'join') room.join(idOf(500 + (step.pick % 5)));
  else if (step.do === 'leave') room.leave(idOf(500 + (step.pick % 5)));
  else if (step.do === 'retitle') room.retitle(`topic ${step.pick}`);
  else if (step.do === 'cut') fake.cut();
  else if (step.do === 'beacon') fake.beacon();
  else if (some === undefined) return;
  else if (step.do === 'edit') room.edit(some.id, `edited ${step.pick}`);
  else if (step.do === 'delete') room.delete(some.id);
  else if (step.do === 'react') room.react(some.id, who, step.pick % 3 === 0 ? 'yes' : 'no', true);
  else if (step.do === 'unreact') room.react(some.id, who, step.pick % 3 === 0 ? 'yes' : 'no', false);
  else if (step.do === 'pin') room.pin(some.id, true);
  else if (step.do === 'unpin') room.pin(some.id, false);
  else if (step.do === 'reply' && some.threadId === null) room.say(bot, 'reply', { threadId: some.id });
}

describe('whatever is lost, repeated and out of order, and however often the connection ends', () => {
  it('the state ends equal to the log, and no event is told twice', { timeout: 60_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(stepArbitrary, { minLength: 5, maxLength: 60 }),
        fc.nat(),
        fc.constantFrom(3, 1_000),
        fc.constantFrom(3, 1_000),
        async (steps, seed, longestGap, keep) => {
          const fake = new FakeHub();
          const rooms = [fake.room(general), fake.room(random)] as const;
          rooms[0].say(bot, 'before');
          const lots = lotsOf(seed);
          const { hub, clock } = clientOf(fake, { random: lots, keep });
          const told = new Map<string, number[]>();
          hub.on('event', (_, { channelId, seq, epoch }) => {
            if (seq === undefined) return;
            const key = `${epoch} ${channelId}`;
            told.set(key, [...(told.get(key) ?? []), seq]);
          });
          await clock.advance(1);
          fake.longestGap = longestGap;
          fake.mangle = mangler(lots);
          fake.refuse = (frame) =>
            frame.type === 'hello' || lots() > 0.15 ? undefined : lots() > 0.5 ? 'silence' : 'deaf';
          const sent: string[] = [];
          let epochs = 1;
          const watches = new Map<string, () => void>();
          for (const step of steps) {
            const room = rooms[step.second ? 1 : 0];
            const { id } = room.channel;
            if (step.do === 'send') sent.push(hub.send(id, { content: `own ${step.pick}` }).clientId);
            else if (step.do === 'older') hub.loadOlder(id, 3).catch(() => undefined);
            else if (step.do === 'members') hub.loadMembers(id).catch(() => undefined);
            else if (step.do === 'read') hub.markRead(id);
            else if (step.do === 'own-typing') hub.typing(id, step.pick % 3 === 0 ? 'stop' : 'start');
            else if (step.do === 'watch') {
              const close = watches.get(id);
              close?.();
              if (close === undefined) watches.set(id, hub.watch(id));
              else watches.delete(id);
            } else if (step.do === 'wait') await clock.advance(step.pick * 200);
            else if (step.do === 'settle') await clock.settle();
            else if (step.do === 'epoch') fake.turn(`epoch-${(epochs += 1)}`, () => undefined);
            else if (step.do === 'forget') fake.mangle = mangler(lots);
            else act(step, fake, room);
            if (step.do === 'epoch') fake.cut();
          }
          fake.mangle = (frames) => frames;
          fake.refuse = () => undefined;
          // A beginning that was lost is no matter; what has ended is not shown for ever.
          await clock.advance(70_000);
          for (const id of watches.keys()) {
            const { typing } = fake.presence.rosterOf(id);
            expect(typing).toEqual(
              expect.arrayContaining([...(hub.snapshot().rosters.get(id)?.typing ?? [])]),
            );
          }
          // How far somebody has read is no event of a log: a new connection asks for it.
          fake.cut();
          for (let i = 0; i < 6; i += 1) {
            await clock.advance(20_000);
            fake.beacon();
          }
          await clock.advance(20_000);
          for (const room of rooms) expectSame(hub, room);
          for (const id of [general, random])
            expectSameRoster(hub.snapshot().rosters.get(id), watches.has(id), fake.presence.rosterOf(id));
          for (const numbers of told.values())
            expect(numbers).toEqual([...new Set(numbers)].toSorted((a, b) => a - b));
          for (const clientId of sent) {
            const kept = rooms.flatMap((room) =>
              [...room.messages.values()].filter((m) => m.clientId === clientId),
            );
            expect(kept).toHaveLength(1);
          }
          for (const room of rooms) {
            const own = room.timeline().flatMap(({ clientId }) => (clientId === null ? [] : [clientId]));
            expect(own).toEqual(sent.filter((clientId) => own.includes(clientId)));
          }
          hub.close();
        },
      ),
      { numRuns: 300 },
    );
  });
});
