import { HubError, type ServerFrame } from '@parley/hub-protocol';
import { describe, expect, it } from 'vitest';
import { failureOf } from './support/failure.ts';
import { FakeHub } from './support/fake-hub.ts';
import { clientOf } from './support/sockets.ts';
import { general, idOf } from './support/values.ts';

async function live() {
  const fake = new FakeHub();
  const room = fake.room(general);
  const { hub, clock } = clientOf(fake);
  await clock.advance(1);
  const shown = () => {
    const channel = hub.snapshot().channels.get(general);
    return {
      messages: channel?.messages.map(({ content }) => content),
      outgoing: channel?.outgoing.map(({ content, state }) => `${content} ${state}`),
    };
  };
  return { fake, room, hub, clock, shown };
}

const own = (room: { timeline(): { content: string }[] }): string[] =>
  room.timeline().map(({ content }) => content);

describe('a message that is sent', () => {
  it('is shown at once, and replaced by the one in the log', async () => {
    const { hub, clock, shown } = await live();
    const { message } = hub.send(general, { content: 'hello' });
    expect(shown()).toEqual({ messages: [], outgoing: ['hello sending'] });
    await clock.settle();
    expect(shown()).toEqual({ messages: ['hello'], outgoing: [] });
    expect((await message).seq).toBe(1);
  });

  it('shows the ids of its files while it is under way', async () => {
    const { hub } = await live();
    hub.send(general, { content: '', files: [idOf(70), idOf(71)] });
    hub.send(general, { content: 'hello' });
    const outgoing = hub.snapshot().channels.get(general)?.outgoing;
    expect(outgoing?.map(({ files }) => files)).toEqual([[idOf(70), idOf(71)], []]);
  });

  it.each(['ack', 'event'] as const)('is never there twice when the %s comes first', async (first) => {
    const { fake, hub, clock, shown } = await live();
    let late: readonly ServerFrame[] = [];
    if (first === 'ack')
      fake.mangle = (frames) => {
        late = frames;
        return [];
      };
    else fake.refuse = () => 'silence';
    const { message, clientId } = hub.send(general, { content: 'hello' });
    await clock.settle();
    expect(shown()).toEqual({ messages: ['hello'], outgoing: [] });
    expect((await message).clientId).toBe(clientId);
    fake.mangle = (frames) => frames;
    fake.say(...late);
    await clock.settle();
    expect(shown()).toEqual({ messages: ['hello'], outgoing: [] });
  });

  it('is sent again after a connection that ended before the answer, and kept once', async () => {
    const { fake, room, hub, clock, shown } = await live();
    fake.mangle = () => [];
    fake.refuse = () => 'silence';
    const { message } = hub.send(general, { content: 'hello' });
    await clock.settle();
    expect(own(room)).toEqual(['hello']);
    expect(shown().outgoing).toEqual(['hello sending']);
    fake.mangle = (frames) => frames;
    fake.refuse = () => undefined;
    fake.cut();
    await clock.advance(5_000);
    expect((await message).seq).toBe(1);
    expect(own(room)).toEqual(['hello']);
    expect(shown()).toEqual({ messages: ['hello'], outgoing: [] });
  });

  it('waits for a connection, and keeps the order of its sender', async () => {
    const { fake, room, hub, clock, shown } = await live();
    fake.cut();
    await clock.settle();
    for (const content of ['one', 'two', 'three']) hub.send(general, { content });
    expect(shown().outgoing).toEqual(['one sending', 'two sending', 'three sending']);
    await clock.advance(5_000);
    expect(own(room)).toEqual(['one', 'two', 'three']);
    expect(fake.heard.filter(({ type }) => type === 'send')).toHaveLength(3);
  });

  it('is not overtaken by the next one when the hub cannot take it now', async () => {
    const { fake, room, hub, clock } = await live();
    let refusals = 3;
    fake.refuse = (frame) =>
      frame.type === 'send' && frame.content === 'one' && (refusals -= 1) >= 0
        ? new HubError('UNAVAILABLE', 'no database', { retryAfter: 100 })
        : undefined;
    hub.send(general, { content: 'one' });
    hub.send(general, { content: 'two' });
    await clock.advance(60_000);
    expect(own(room)).toEqual(['one', 'two']);
  });

  it('that was refused is shown as failed, and the next ones go on', async () => {
    const { fake, room, hub, clock, shown } = await live();
    fake.refuse = (frame) =>
      frame.type === 'send' && frame.content === 'bad' ? new HubError('ARCHIVED', 'closed') : undefined;
    const { message } = hub.send(general, { content: 'bad' });
    const refused = failureOf(message);
    hub.send(general, { content: 'good' });
    await clock.settle();
    expect(await refused).toMatchObject({ code: 'ARCHIVED' });
    expect(shown()).toEqual({ messages: ['good'], outgoing: ['bad failed'] });
    expect(own(room)).toEqual(['good']);
  });

  it('that failed can be sent again as the same one, or forgotten', async () => {
    const { fake, room, hub, clock, shown } = await live();
    fake.refuse = (frame) => (frame.type === 'send' ? new HubError('FORBIDDEN', 'no') : undefined);
    const first = hub.send(general, { content: 'one' }).clientId;
    const second = hub.send(general, { content: 'two' }).clientId;
    await clock.settle();
    expect(shown().outgoing).toEqual(['one failed', 'two failed']);
    fake.refuse = () => undefined;
    const again = hub.retry(first);
    await clock.settle();
    expect((await again)?.clientId).toBe(first);
    expect(hub.discard(second)).toBe(true);
    expect(hub.discard(second)).toBe(false);
    expect(hub.retry(second)).toBeUndefined();
    expect(shown()).toEqual({ messages: ['one'], outgoing: [] });
    expect(own(room)).toEqual(['one']);
  });

  it('has failed when nothing was heard of it for too long, and is replaced when it shows up after all', async () => {
    const { fake, room, hub, clock, shown } = await live();
    fake.mangle = () => [];
    fake.refuse = (frame) => (frame.type === 'send' ? 'silence' : undefined);
    hub.send(general, { content: 'hello' });
    await clock.advance(121_000);
    expect(shown().outgoing).toEqual(['hello failed']);
    expect(hub.snapshot().channels.get(general)?.outgoing[0]?.error?.code).toBe('TIMEOUT');
    expect(own(room)).toEqual(['hello']);
    fake.mangle = (frames) => frames;
    fake.beacon();
    await clock.settle();
    expect(shown()).toEqual({ messages: ['hello'], outgoing: [] });
  });

  it('is sent again as it was sent first, whatever became of its data', async () => {
    const { fake, hub, clock } = await live();
    fake.refuse = (frame) => (frame.type === 'send' ? 'deaf' : undefined);
    const data: Record<string, unknown> = { tool: 'search' };
    hub.send(general, { content: 'hello', kind: 'action', data });
    await clock.settle();
    data['tool'] = 'another';
    await clock.advance(11_000);
    const sent = fake.heard.flatMap((frame) => (frame.type === 'send' ? [frame.data] : []));
    expect(sent).toEqual([{ tool: 'search' }, { tool: 'search' }]);
    hub.close();
  });

  it('that JSON cannot say is refused by its field', async () => {
    const { hub, shown } = await live();
    const data: Record<string, unknown> = {};
    data['self'] = data;
    expect(() => hub.send(general, { content: 'hello', data })).toThrow(
      expect.objectContaining({ code: 'INVALID', field: 'data' }),
    );
    expect(shown().outgoing).toEqual([]);
    hub.close();
  });

  it('that is larger than the hub takes has failed, and does not cost the connection', async () => {
    const { fake, room, hub, clock, shown } = await live();
    const { message } = hub.send(general, { content: '𝒳'.repeat(40_000) });
    const refused = failureOf(message);
    hub.send(general, { content: 'short' });
    await clock.settle();
    expect(await refused).toMatchObject({ code: 'TOO_LARGE' });
    expect(own(room)).toEqual(['short']);
    expect(shown().outgoing).toHaveLength(1);
    expect(fake.heard.filter(({ type }) => type === 'send')).toHaveLength(1);
    hub.close();
  });

  it('is held to what this hub takes, which may be less', async () => {
    const fake = new FakeHub();
    fake.limits.frameBytes = 2_000;
    fake.room(general);
    const { hub, clock } = clientOf(fake);
    await clock.advance(1);
    const refused = failureOf(hub.send(general, { content: 'x'.repeat(2_000) }).message);
    await clock.settle();
    expect(await refused).toMatchObject({ code: 'TOO_LARGE', message: expect.stringContaining('2000') });
    hub.close();
  });

  it('waits with at most a thousand others, and a heap of them fails one by one', async () => {
    const { fake, hub, clock, shown } = await live();
    fake.cut();
    fake.allows = () => false;
    await clock.settle();
    const sent = Array.from({ length: 1_000 }, (_, i) => hub.send(general, { content: `${i}` }));
    const one = failureOf(hub.send(general, { content: 'one too many' }).message);
    expect(await one).toMatchObject({ code: 'RATE_LIMITED', retryable: true });
    const failures = Promise.allSettled(sent.map(({ message }) => message));
    await clock.advance(121_000);
    for (const failure of await failures) expect(failure).toMatchObject({ reason: { code: 'TIMEOUT' } });
    expect(shown().outgoing).toEqual(Array.from({ length: 100 }, (_, i) => `${900 + i} failed`));
    hub.close();
  });

  it('goes on after the channel was made anew under it', async () => {
    const { fake, room, hub, clock, shown } = await live();
    await hub.loadOlder(general);
    fake.mangle = () => [];
    fake.refuse = (frame) => (frame.type === 'send' ? 'silence' : undefined);
    const sent = ['one', 'two'].map((content) => hub.send(general, { content }).message);
    await clock.settle();
    expect(own(room)).toEqual(['one']);
    fake.mangle = (frames) => frames;
    fake.refuse = () => undefined;
    fake.say({ type: 'resync', channelId: general, epoch: fake.epoch, seq: room.head, reason: 'gap' });
    await clock.settle();
    expect(shown()).toEqual({ messages: ['one', 'two'], outgoing: [] });
    expect((await Promise.all(sent)).map(({ seq }) => seq)).toEqual([1, 2]);
    expect(own(room)).toEqual(['one', 'two']);
    hub.close();
  });

  it('is given up when the client is closed', async () => {
    const { fake, hub, clock } = await live();
    fake.refuse = () => 'deaf';
    const { message } = hub.send(general, { content: 'hello' });
    hub.close();
    await expect(message).rejects.toMatchObject({ code: 'CLOSED' });
    await expect(hub.send(general, { content: 'late' }).message).rejects.toMatchObject({ code: 'CLOSED' });
    await clock.settle();
    expect(clock.pending).toBe(0);
  });
});

describe('a message that failed before the client was closed', () => {
  it('is not sent again after that, and leaves no timer', async () => {
    const { fake, hub, clock } = await live();
    fake.refuse = (frame) => (frame.type === 'send' ? new HubError('FORBIDDEN', 'no') : undefined);
    const { clientId } = hub.send(general, { content: 'hello' });
    await clock.settle();
    hub.close();
    const again = hub.retry(clientId);
    expect(again).toBeDefined();
    expect(await failureOf(again ?? Promise.resolve())).toMatchObject({ code: 'CLOSED' });
    expect(clock.pending).toBe(0);
  });
});
