import type { ClientFrameType } from '@parley/hub-protocol';
import { describe, expect, it } from 'vitest';
import { FakeHub } from '../support/fake-hub.ts';
import { live } from '../support/live.ts';
import { clientOf } from '../support/sockets.ts';
import { general, idOf } from '../support/values.ts';

const heard = (fake: FakeHub, type: ClientFrameType): object[] =>
  fake.heard.filter((frame) => frame.type === type);

describe('that one types', () => {
  it('is said again at most every three seconds', async () => {
    const { fake, hub, clock } = await live();
    for (let key = 0; key < 61; key += 1) {
      hub.typing(general, 'start');
      await clock.advance(100);
    }
    expect(heard(fake, 'typing')).toEqual(
      Array.from({ length: 3 }, () => ({ type: 'typing', channelId: general, state: 'start' })),
    );
  });

  it('of a thread is another matter', async () => {
    const { fake, hub, clock } = await live();
    const threadId = idOf(900);
    hub.typing(general, 'start');
    hub.typing(general, 'start', threadId);
    hub.typing(general, 'stop', threadId);
    await clock.settle();
    expect(heard(fake, 'typing')).toEqual([
      { type: 'typing', channelId: general, state: 'start' },
      { type: 'typing', channelId: general, state: 'start', threadId },
      { type: 'typing', channelId: general, state: 'stop', threadId },
    ]);
  });

  it('ends once, and with a message that is sent', async () => {
    const { fake, hub, clock } = await live();
    hub.typing(general, 'stop');
    hub.typing(general, 'start');
    hub.send(general, { content: 'done' });
    hub.typing(general, 'start');
    hub.typing(general, 'stop');
    hub.typing(general, 'stop');
    await clock.settle();
    expect(fake.heard.flatMap((frame) => (frame.type === 'typing' ? [frame.state] : []))).toEqual([
      'start',
      'stop',
      'start',
      'stop',
    ]);
  });

  it('is said at once on a new connection, which knows nothing of it', async () => {
    const { fake, hub, clock } = await live();
    hub.typing(general, 'start');
    fake.cut();
    await clock.advance(1_000);
    hub.typing(general, 'start');
    await clock.settle();
    expect(heard(fake, 'typing')).toHaveLength(2);
  });
});

describe('what a client says of its user', () => {
  it('is said again with each new connection', async () => {
    const { fake, hub, clock } = await live();
    hub.setActivity('away');
    hub.setActivity('away');
    hub.agent({ load: 0.5, capabilities: ['review'] });
    hub.agent({ load: 0.75, model: 'example-model-1' });
    await clock.settle();
    expect(heard(fake, 'presence')).toEqual([{ type: 'presence', activity: 'away' }]);
    expect(heard(fake, 'agent')).toEqual([
      { type: 'agent', load: 0.5, capabilities: ['review'] },
      { type: 'agent', load: 0.75, model: 'example-model-1' },
    ]);
    fake.cut();
    await clock.advance(1_000);
    expect(heard(fake, 'presence').at(-1)).toEqual({ type: 'presence', activity: 'away' });
    expect(heard(fake, 'presence')).toHaveLength(2);
    expect(heard(fake, 'agent').at(-1)).toEqual({
      type: 'agent',
      load: 0.75,
      capabilities: ['review'],
      model: 'example-model-1',
    });
  });

  it('is said as soon as there is a connection', async () => {
    const fake = new FakeHub();
    const { hub, clock } = clientOf(fake);
    hub.setActivity('away');
    await clock.advance(1);
    expect(heard(fake, 'presence')).toEqual([{ type: 'presence', activity: 'away' }]);
  });
});

describe('the name of a session', () => {
  it('is the same with each connection, and another one for each client', async () => {
    const fake = new FakeHub();
    const first = clientOf(fake);
    await first.clock.advance(1);
    fake.cut();
    await first.clock.advance(1_000);
    const second = clientOf(fake);
    await second.clock.advance(1);
    const names = fake.heard.flatMap((frame) => (frame.type === 'hello' ? [frame.session] : []));
    expect(names).toEqual([
      expect.stringMatching(/^\w{32}$/),
      names[0],
      expect.not.stringMatching(`^${names[0]}$`),
    ]);
  });

  it('may be given', async () => {
    const fake = new FakeHub();
    const { clock } = clientOf(fake, { session: 'tab-1' });
    await clock.advance(1);
    expect(fake.heard[0]).toMatchObject({ type: 'hello', session: 'tab-1' });
  });
});
