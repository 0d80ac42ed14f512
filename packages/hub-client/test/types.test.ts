import type {
  AgentCard,
  AgentsState,
  ChannelState,
  ConnectionState,
  Hub,
  HubOptions,
  HubState,
  RosterState,
  SocketConstructor,
} from '@parley/hub-client';
import type {
  Agent,
  HubEvent,
  Message,
  Presence,
  Status,
  Typist,
  UnknownEvent,
  User,
} from '@parley/hub-protocol';
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

describe('the types of presence', () => {
  it('tell who may be missing, and what can be said', () => {
    const use = (hub: Hub, state: HubState): void => {
      expectTypeOf(state.rosters).toEqualTypeOf<ReadonlyMap<string, RosterState>>();
      expectTypeOf(state.agents).toEqualTypeOf<AgentsState | undefined>();
      expectTypeOf(hub.watch).toEqualTypeOf<(channelId: string) => () => void>();
      hub.setActivity('away');
      // @ts-expect-error that is chosen by the user, with `setStatus`
      hub.setActivity('dnd');
      hub.agent({ load: 0.5, capabilities: ['review'], model: null });
      // @ts-expect-error nobody asks for it
      hub.agent({ mood: 'good' });
      expectTypeOf(hub.call('setStatus', { body: { availability: 'dnd' } })).toEqualTypeOf<Promise<Status>>();
      expectTypeOf(hub.call('listPresences', { query: { userIds: ['x'] } })).resolves.toEqualTypeOf<{
        items: Presence[];
      }>();
      expectTypeOf(hub.call('listAgents')).resolves.toHaveProperty('items').items.toEqualTypeOf<Agent>();
    };
    expectTypeOf(use).toBeFunction();
    expectTypeOf<RosterState['typing']>().toEqualTypeOf<readonly Typist[]>();
    expectTypeOf<AgentCard['load']>().toEqualTypeOf<number | null | undefined>();
  });
});

describe('the types of options', () => {
  it('take the WebSocket of the platform and that of a library', () => {
    expectTypeOf<typeof WebSocket>().toExtend<SocketConstructor>();
    expectTypeOf<typeof LibrarySocket>().toExtend<SocketConstructor>();
    expectTypeOf<HubOptions['url']>().toEqualTypeOf<string | URL>();
  });
});
