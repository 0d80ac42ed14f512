import type { ChannelState, ConnectionState, Hub, HubOptions, SocketConstructor } from '@parley/hub-client';
import type { HubEvent, Message, UnknownEvent, User } from '@parley/hub-protocol';
import { describe, expectTypeOf, it } from 'vitest';
import type { WebSocket as LibrarySocket } from 'ws';

describe('the types of calls', () => {
  it('are those of the route', () => {
    const use = (hub: Hub): void => {
      expectTypeOf(hub.call('readMe')).toEqualTypeOf<Promise<User>>();
      expectTypeOf(hub.call('readAvatar', { params: { userId: 'x' } })).toEqualTypeOf<Promise<string>>();
      expectTypeOf(
        hub.call('sendMessage', { params: { channelId: 'x' }, body: { clientId: 'c', content: 'hello' } }),
      ).resolves.toHaveProperty('message');
      expectTypeOf(hub.call('listUsers')).resolves.toHaveProperty('items');
      // @ts-expect-error it has a parameter in its path
      void hub.call('readUser');
      // @ts-expect-error a message has content
      void hub.call('sendMessage', { params: { channelId: 'x' }, body: { clientId: 'c' } });
      // @ts-expect-error nobody knows this route
      void hub.call('fly');
    };
    expectTypeOf(use).toBeFunction();
  });
});

describe('the types of events', () => {
  it('are told by the type that is listened to', () => {
    const use = (hub: Hub): void => {
      hub.on('channel.message', ({ message }) => expectTypeOf(message).toEqualTypeOf<Message>());
      hub.on('event', (event) => expectTypeOf(event).toEqualTypeOf<HubEvent | UnknownEvent>());
      // @ts-expect-error there is no such event
      hub.on('channel.poll', () => undefined);
    };
    expectTypeOf(use).toBeFunction();
  });
});

describe('the types of the state', () => {
  it('are told apart by their phase', () => {
    const use = (state: ConnectionState): void => {
      if (state.phase === 'waiting') expectTypeOf(state.until).toEqualTypeOf<number>();
      if (state.phase === 'live') expectTypeOf(state.userId).toEqualTypeOf<string>();
    };
    expectTypeOf(use).toBeFunction();
    expectTypeOf<ChannelState['messages']>().toEqualTypeOf<readonly Message[]>();
  });
});

describe('the types of options', () => {
  it('take the WebSocket of the platform and that of a library', () => {
    expectTypeOf<typeof WebSocket>().toExtend<SocketConstructor>();
    expectTypeOf<typeof LibrarySocket>().toExtend<SocketConstructor>();
    expectTypeOf<HubOptions['url']>().toEqualTypeOf<string | URL>();
  });
});
