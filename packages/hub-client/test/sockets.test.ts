import type { Hub } from '@parley/hub-client';
import type { ServerFrame } from '@parley/hub-protocol';
import { until } from '@parley/services';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket as LibrarySocket } from 'ws';
import { FakeHub } from './support/fake-hub.ts';
import { expectSame } from './support/same.ts';
import { realClientOf } from './support/sockets.ts';
import { bot, general } from './support/values.ts';

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function connected(options: Parameters<typeof realClientOf>[1] = {}) {
  const fake = new FakeHub();
  const room = fake.room(general);
  const { hub, close } = await realClientOf(fake, options);
  closing.push(close);
  await hub.ready;
  return { fake, room, hub };
}

const position = (hub: Hub): number => hub.snapshot().channels.get(general)?.position ?? -1;

describe.each([
  ['of the platform', undefined],
  ['of a library', LibrarySocket],
])('over real sockets, with the WebSocket %s', (_, WebSocket) => {
  it('messages go both ways', async () => {
    const { room, hub } = await connected({ WebSocket });
    room.say(bot, 'from the hub');
    const message = await hub.send(general, { content: 'to the hub' }).message;
    expect(message.seq).toBe(2);
    await until(() => position(hub) === 2, { what: 'both events were applied' });
    expectSame(hub, room);
  });

  it('nothing is lost, doubled or out of order while frames are, and connections end', async () => {
    const { fake, room, hub } = await connected({ WebSocket });
    const told: number[] = [];
    hub.on('event', (_, { seq }) => {
      if (seq !== undefined) told.push(seq);
    });
    let turn = 0;
    let held: readonly ServerFrame[] = [];
    fake.mangle = (frames) => {
      turn += 1;
      if (turn % 5 === 0) return [];
      if (turn % 7 === 0) {
        held = frames;
        return [];
      }
      const out = [...frames, ...(turn % 3 === 0 ? frames : []), ...held];
      held = [];
      return out;
    };
    const sent: Promise<unknown>[] = [];
    for (let i = 0; i < 60; i += 1) {
      room.say(bot, `number ${i}`);
      if (i % 10 === 0) sent.push(hub.send(general, { content: `own ${i}` }).message);
      if (i % 20 === 19) {
        fake.cut();
        await until(() => hub.snapshot().connection.phase === 'live', { what: 'the client is back' });
      }
    }
    fake.mangle = (frames) => frames;
    await Promise.all(sent);
    await until(
      () => {
        fake.beacon();
        return position(hub) === room.head;
      },
      { what: 'all was applied' },
    );
    expectSame(hub, room);
    expect(told).toEqual(Array.from({ length: room.head }, (_, i) => i + 1));
  });
});
