import type { Clock, Timer } from '@parley/cache-core/kernel';
import type { ClientFrame, EventOf, HubEvent, ReadFrame, Roster, UnknownEvent } from '@parley/hub-protocol';
import { Asked } from '../asked.ts';
import type { AgentsState, RosterState } from '../state.ts';

export interface PresencesOptions {
  readonly clock: Clock;
  readonly send: (frame: ClientFrame) => void;
  readonly me: () => string | undefined;
  readonly onChanged: () => void;
}

/** Moments may be lost: what has no answer, is stale, or might go on for ever is asked for again so often. */
const againMs = 30_000;

/** Who is in the channels that somebody watches, who types there, and which agents there are. */
export class Presences {
  rosters: ReadonlyMap<string, RosterState> = new Map();
  agents: AgentsState | undefined;
  readonly #options: PresencesOptions;
  readonly #channels: Asked;
  readonly #agents: Asked;
  #timer: Timer | undefined;

  constructor(options: PresencesOptions) {
    this.#options = options;
    const { send } = options;
    this.#channels = new Asked((channelId, wanted) => {
      send({ type: wanted ? 'watch' : 'unwatch', channelId });
      if (!wanted) this.#put(channelId, undefined);
    });
    this.#agents = new Asked((_, wanted) => {
      send({ type: wanted ? 'watch_agents' : 'unwatch_agents' });
      if (!wanted) this.#putAgents(undefined);
    });
  }

  watch(channelId: string): () => void {
    return this.#channels.want(channelId);
  }

  watchAgents(): () => void {
    return this.#agents.want('');
  }

  /** A connection is there. */
  begin(): void {
    this.#channels.again();
    this.#agents.again();
    this.#arm();
  }

  /** What is known may not be right any more, and who types is not known at all. */
  down(): void {
    this.#timer?.cancel();
    for (const [id, roster] of this.rosters) this.#put(id, { ...roster, stale: true, typing: [] });
    if (this.agents) this.#putAgents({ ...this.agents, stale: true });
  }

  /** The channel is not followed any more. It may still be seen: then the hub answers. */
  forget(channelId: string): void {
    this.#put(channelId, undefined);
    this.#channels.again((id) => id === channelId);
  }

  take(frame: ReadFrame): void {
    if (frame.type === 'roster') this.#roster(frame.roster);
    // What is asked for here has no name: whichever of it was too much is asked for when there is room again.
    else if (frame.type === 'error' && !frame.ref && frame.error.retryAfter)
      this.#arm(frame.error.retryAfter);
    else if (frame.type === 'agents' && this.#agents.has(''))
      this.#putAgents({ members: byUser(this.agents?.members, frame.agents), stale: frame.stale });
  }

  hear(event: HubEvent | UnknownEvent): void {
    if (event.type === 'channel.presence') this.#seen(event);
    else if (event.type === 'channel.typing') this.#typing(event);
    else if (event.type === 'agent.update' && this.agents) {
      const { agent } = event;
      this.#putAgents({ ...this.agents, members: new Map(this.agents.members).set(agent.userId, agent) });
    }
  }

  #roster({ channelId, members, typing, ...rest }: Roster): void {
    if (!this.#channels.has(channelId)) return;
    this.#put(channelId, {
      ...rest,
      members: byUser(this.rosters.get(channelId)?.members, members),
      typing: typing.filter(({ userId }) => userId !== this.#options.me()),
    });
  }

  #seen({ channelId, presence }: EventOf<'channel.presence'>): void {
    const before = this.rosters.get(channelId);
    if (!before) return;
    const { userId, status } = presence;
    const members = new Map(before.members).set(userId, presence);
    let { users, typing } = before;
    if (status === 'offline') {
      members.delete(userId);
      typing = typing.filter((typist) => typist.userId !== userId);
    }
    if (before.complete) users = members.size;
    this.#put(channelId, { ...before, members, users, typing });
  }

  #typing({ channelId, userId, threadId, state }: EventOf<'channel.typing'>): void {
    const before = this.rosters.get(channelId);
    if (!before || userId === this.#options.me()) return;
    const others = before.typing.filter((typist) => typist.userId !== userId || typist.threadId !== threadId);
    const known = others.length < before.typing.length;
    if (known === (state === 'start')) return;
    this.#put(channelId, { ...before, typing: known ? others : [...others, { userId, threadId }] });
  }

  #put(channelId: string, roster: RosterState | undefined): void {
    const rosters = new Map(this.rosters);
    if (roster) rosters.set(channelId, roster);
    else if (!rosters.delete(channelId)) return;
    this.rosters = rosters;
    this.#options.onChanged();
  }

  #putAgents(agents: AgentsState | undefined): void {
    this.agents = agents;
    this.#options.onChanged();
  }

  #arm(ms = againMs): void {
    this.#timer?.cancel();
    this.#timer = this.#options.clock.timer(Math.min(ms, againMs), () => {
      this.#channels.again((id) => {
        const roster = this.rosters.get(id);
        return roster?.stale !== false || roster.typing.length > 0;
      });
      this.#agents.again(() => this.agents?.stale !== false);
      this.#arm();
    });
  }
}

/** By the id of the user, with those who are the same as before as the same objects. */
function byUser<T extends { readonly userId: string }>(
  before: ReadonlyMap<string, T> | undefined,
  items: readonly T[],
): ReadonlyMap<string, T> {
  return new Map(
    items.map((item) => {
      const known = before?.get(item.userId);
      return [item.userId, known && JSON.stringify(known) === JSON.stringify(item) ? known : item];
    }),
  );
}
