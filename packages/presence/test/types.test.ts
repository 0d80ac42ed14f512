import {
  createPresence,
  memoryFeed,
  memoryPresenceStore,
  type Agent,
  type Connection,
  type Counts,
  type PresenceStore,
  type Roster,
  type TypingNow,
  type UserPresence,
  type Watch,
} from '@parley/presence';
import { describe, expectTypeOf, it } from 'vitest';

describe('the types of a presence', () => {
  const presence = createPresence({ store: memoryPresenceStore(), feed: memoryFeed() });

  it('say what a watch knows', () => {
    const watches = () => [
      presence.watch('c', () => undefined),
      presence.watchUsers(['u'], () => undefined),
      presence.typing.watch('c', () => undefined),
      presence.agents.watch(() => undefined),
    ];
    type Watches =
      | Watch<Roster>
      | Watch<ReadonlyMap<string, UserPresence>>
      | Watch<TypingNow>
      | Watch<readonly Agent[]>;
    expectTypeOf(watches).returns.toEqualTypeOf<Watches[]>();
    expectTypeOf<Watch<Roster>['current']>().toEqualTypeOf<Roster>();
  });

  it('tell an event by its type', () => {
    const wrong = (): void => {
      presence.watch('c', (event) => {
        if (event.type === 'join')
          expectTypeOf(event.member.status).toEqualTypeOf<'online' | 'away' | 'dnd'>();
        if (event.type === 'leave') expectTypeOf(event.at).toEqualTypeOf<number>();
        // @ts-expect-error only of one that is there
        if (event.type === 'leave') void event.member;
      });
      // @ts-expect-error a user is needed
      presence.connect({});
      // @ts-expect-error it is a choice of the user, not of a connection
      presence.connect({ user: 'ann', activity: 'dnd' });
    };
    expectTypeOf(wrong).toBeFunction();
    expectTypeOf(() => presence.connect({ user: 'ann' })).returns.toEqualTypeOf<Connection>();
    expectTypeOf(() => presence.counts(['c'])).returns.toEqualTypeOf<Promise<Counts[]>>();
  });

  it('take the memory store for any other', () => {
    expectTypeOf(memoryPresenceStore()).toExtend<PresenceStore>();
  });
});
