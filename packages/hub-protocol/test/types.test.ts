import type {
  ClientFrame,
  ClientFrameOf,
  Envelope,
  EventOf,
  EventType,
  HubEvent,
  Message,
  ReadFrame,
  Role,
  UnknownEvent,
  User,
} from '@parley/hub-protocol';
import type { RouteBody, RouteName, RouteParams, RouteQuery, RouteReply } from '@parley/hub-protocol/rest';
import { describe, expectTypeOf, it } from 'vitest';

describe('the types of events', () => {
  it('are told apart by their type', () => {
    const seen = (event: HubEvent): void => {
      if (event.type === 'channel.message') expectTypeOf(event.message).toEqualTypeOf<Message>();
      if (event.type === 'custom') expectTypeOf(event.data).toEqualTypeOf<Record<string, unknown>>();
    };
    expectTypeOf(seen).toBeFunction();
    expectTypeOf<EventOf<'user.update'>['user']>().toEqualTypeOf<User>();
    expectTypeOf<'channel.poll'>().not.toExtend<EventType>();
  });

  it('know who sent them, and whether they have a number', () => {
    expectTypeOf<Envelope['senderId']>().toEqualTypeOf<string | null>();
    expectTypeOf<Envelope['seq']>().toEqualTypeOf<number | undefined>();
    expectTypeOf<Envelope<EventOf<'custom'>>['event']['type']>().toEqualTypeOf<'custom'>();
  });

  it('keep words of their own', () => {
    expectTypeOf<User['role']>().toEqualTypeOf<Role>();
    expectTypeOf<Message['streaming']>().toEqualTypeOf<'none' | 'open' | 'done' | 'cut'>();
  });
});

describe('the types of frames', () => {
  it('are told apart by their type', () => {
    expectTypeOf<Extract<ClientFrame, { type: 'send' }>>().toEqualTypeOf<ClientFrameOf<'send'>>();
    expectTypeOf<ClientFrameOf<'typing'>['state']>().toEqualTypeOf<'start' | 'stop'>();
    expectTypeOf<ClientFrameOf<'hello'>['subscribe']>().toEqualTypeOf<'joined' | string[]>();
  });

  it('do not let an event of a later version be overlooked', () => {
    const seen = (frame: ReadFrame): void => {
      if (frame.type === 'event') expectTypeOf(frame.event).toEqualTypeOf<HubEvent | UnknownEvent>();
      if (frame.type === 'unknown') expectTypeOf(frame.fault).toEqualTypeOf<string | null>();
    };
    expectTypeOf(seen).toBeFunction();
  });
});

describe('the types of a route', () => {
  it('are those of its parts', () => {
    expectTypeOf<RouteParams<'readMessage'>>().toEqualTypeOf<{ channelId: string; messageId: string }>();
    expectTypeOf<RouteQuery<'listChannels'>['joined']>().toEqualTypeOf<boolean | undefined>();
    expectTypeOf<RouteBody<'openDirect'>>().toEqualTypeOf<{ userIds: string[] }>();
    expectTypeOf<RouteReply<'sendMessage'>['message']>().toEqualTypeOf<Message>();
    expectTypeOf<RouteReply<'readLog'>['items'][number]['event']>().toEqualTypeOf<HubEvent | UnknownEvent>();
    expectTypeOf<RouteReply<'readAvatar'>>().toEqualTypeOf<string>();
  });

  it('are undefined where it has none', () => {
    expectTypeOf<RouteParams<'listUnreads'>>().toEqualTypeOf<undefined>();
    expectTypeOf<RouteQuery<'sendMessage'>>().toEqualTypeOf<undefined>();
    expectTypeOf<RouteBody<'readMe'>>().toEqualTypeOf<undefined>();
    expectTypeOf<RouteReply<'deleteSession'>>().toEqualTypeOf<undefined>();
    expectTypeOf<'fly'>().not.toExtend<RouteName>();
  });
});
