import type {
  Agent,
  ClientFrame,
  EventOf,
  Presence,
  Roster,
  ServerFrame,
  Typist,
} from '@parley/hub-protocol';
import type { Link } from './fake-hub.ts';
import { ada, agentOf, at, presenceOf } from './values.ts';

interface Present {
  readonly members: Map<string, Presence>;
  typing: readonly Typist[];
}

const agentsKey = 'agents';

/** Who is where in the fake hub, and whom it tells. What it tells may be lost like all else. */
export class FakePresence {
  readonly #rooms = new Map<string, Present>();
  readonly #agents = new Map<string, Agent>();
  /** By channel; the agents have a key of their own. */
  readonly #watchers = new Map<Link, Set<string>>();
  readonly #send: (link: Link, frames: readonly ServerFrame[]) => void;
  /** Of every roster: a hub that knows only what was, or one with too many to list them all. */
  shown: Partial<Pick<Roster, 'stale' | 'complete' | 'users'>> = {};

  constructor(send: (link: Link, frames: readonly ServerFrame[]) => void) {
    this.#send = send;
  }

  comes(channelId: string, userId: string, given: Partial<Presence> = {}): void {
    const presence = presenceOf(userId, given);
    this.#of(channelId).members.set(userId, presence);
    this.#tell(channelId, { type: 'channel.presence', channelId, presence });
  }

  goes(channelId: string, userId: string): void {
    this.#of(channelId).members.delete(userId);
    const presence = presenceOf(userId, { status: 'offline', lastSeen: at });
    this.#tell(channelId, { type: 'channel.presence', channelId, presence });
    for (const { threadId } of this.#of(channelId).typing.filter((typist) => typist.userId === userId))
      this.types(channelId, userId, 'stop', threadId);
  }

  types(channelId: string, userId: string, state: 'start' | 'stop', threadId: string | null = null): void {
    const room = this.#of(channelId);
    const others = room.typing.filter((typist) => typist.userId !== userId || typist.threadId !== threadId);
    if (others.length < room.typing.length === (state === 'start')) return;
    room.typing = state === 'start' ? [...others, { userId, threadId }] : others;
    this.#tell(channelId, { type: 'channel.typing', channelId, userId, state, threadId });
  }

  agent(userId: string, given: Partial<Agent> = {}): void {
    const agent = { ...(this.#agents.get(userId) ?? agentOf(userId)), ...given };
    this.#agents.set(userId, agent);
    this.#tell(agentsKey, { type: 'agent.update', agent });
  }

  rosterOf(channelId: string): Roster {
    const { members, typing } = this.#of(channelId);
    return structuredClone({
      channelId,
      members: [...members.values()],
      users: members.size,
      complete: true,
      stale: false,
      typing: [...typing],
      ...this.shown,
    });
  }

  isWatched(channelId = agentsKey): boolean {
    return [...this.#watchers.values()].some((keys) => keys.has(channelId));
  }

  take(link: Link, frame: ClientFrame, post: (frame: ServerFrame) => void): void {
    const watched = this.#watchers.get(link) ?? new Set();
    this.#watchers.set(link, watched);
    if (frame.type === 'watch') {
      watched.add(frame.channelId);
      post({ type: 'roster', roster: this.rosterOf(frame.channelId) });
    } else if (frame.type === 'unwatch') watched.delete(frame.channelId);
    else if (frame.type === 'watch_agents') {
      watched.add(agentsKey);
      const { stale = false } = this.shown;
      post({ type: 'agents', agents: structuredClone([...this.#agents.values()]), stale });
    } else if (frame.type === 'unwatch_agents') watched.delete(agentsKey);
    else if (frame.type === 'typing') this.types(frame.channelId, ada, frame.state, frame.threadId ?? null);
    else if (frame.type === 'send') this.types(frame.channelId, ada, 'stop', frame.threadId ?? null);
  }

  gone(link: Link): void {
    this.#watchers.delete(link);
    for (const [channelId, { typing }] of this.#rooms)
      for (const { userId, threadId } of typing)
        if (userId === ada) this.types(channelId, ada, 'stop', threadId);
  }

  #of(channelId: string): Present {
    const room = this.#rooms.get(channelId) ?? { members: new Map(), typing: [] };
    this.#rooms.set(channelId, room);
    return room;
  }

  #tell(
    key: string,
    event: EventOf<'channel.presence'> | EventOf<'channel.typing'> | EventOf<'agent.update'>,
  ): void {
    const channelId = key === agentsKey ? null : key;
    for (const [link, watched] of this.#watchers)
      if (watched.has(key))
        this.#send(link, [{ type: 'event', event, timestamp: at, senderId: null, channelId }]);
  }
}
