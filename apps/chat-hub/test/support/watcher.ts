import type { Agent, Presence, Roster, ServerFrame } from '@parley/hub-protocol';
import { until } from '@parley/services';
import type { TestClient } from './client.ts';

/** Shows what a socket is told of one channel that it watches, as a client does: and notes each change that was seen. */
export class Watcher {
  readonly client: TestClient;
  readonly channelId: string;
  /** Everybody who is seen to be there. */
  readonly here = new Map<string, Presence>();
  readonly typing = new Set<string>();
  readonly agents = new Map<string, Agent>();
  /** `<name> online`, `<name> offline`, `<name> types` and so on, in the order in which they were seen. */
  readonly notes: string[] = [];
  readonly rosters: Roster[] = [];
  readonly #nameOf: (userId: string) => string;

  constructor(client: TestClient, channelId: string, nameOf: (userId: string) => string) {
    this.client = client;
    this.channelId = channelId;
    this.#nameOf = nameOf;
    client.onFrame((frame) => this.#take(frame));
  }

  get stale(): boolean {
    return this.rosters.at(-1)?.stale ?? true;
  }

  /** What was noted of one, or of all, since the last time that this was asked. */
  take(): string[] {
    return this.notes.splice(0);
  }

  of(name: string): string[] {
    return this.notes
      .filter((note) => note.startsWith(`${name} `))
      .map((note) => note.slice(name.length + 1));
  }

  statusOf(name: string): string {
    const found = [...this.here].find(([userId]) => this.#nameOf(userId) === name);
    return found?.[1].status ?? 'offline';
  }

  async sees(name: string, status: string, deadline = 20_000): Promise<void> {
    await until(() => this.statusOf(name) === status, { what: `${name} is seen as ${status}`, deadline });
  }

  async seesTyping(names: readonly string[], deadline = 20_000): Promise<void> {
    await until(() => [...this.typing].toSorted().join() === names.toSorted().join(), {
      what: `[${names.join(', ')}] type`,
      deadline,
    });
  }

  #take(frame: ServerFrame): void {
    if (frame.type === 'roster' && frame.roster.channelId === this.channelId) this.#replace(frame.roster);
    else if (frame.type === 'agents') {
      this.agents.clear();
      for (const agent of frame.agents) this.agents.set(agent.userId, agent);
    } else if (frame.type === 'event') {
      const { event } = frame;
      if (event.type === 'channel.presence' && event.channelId === this.channelId) this.#note(event.presence);
      else if (event.type === 'channel.typing' && event.channelId === this.channelId)
        this.#noteTyping(this.#typist(event), event.state === 'start');
      else if (event.type === 'agent.update') this.agents.set(event.agent.userId, event.agent);
    }
  }

  #replace(roster: Roster): void {
    const first = this.rosters.length === 0;
    this.rosters.push(roster);
    const now = new Set(roster.members.map(({ userId }) => userId));
    for (const userId of this.here.keys()) if (!now.has(userId)) this.#note({ userId, status: 'offline' });
    for (const member of roster.members) {
      if (first) this.here.set(member.userId, member);
      else this.#note(member);
    }
    const typing = new Set(roster.typing.map((typist) => this.#typist(typist)));
    for (const one of this.typing) if (!typing.has(one)) this.#noteTyping(one, false);
    for (const one of typing) this.#noteTyping(one, true);
  }

  #note(presence: Presence | Pick<Presence, 'userId' | 'status'>): void {
    const { userId, status } = presence;
    const before = this.here.get(userId)?.status ?? 'offline';
    const text = 'customStatus' in presence ? presence.customStatus : null;
    if (status === 'offline') this.here.delete(userId);
    else if ('emoji' in presence) this.here.set(userId, presence);
    const name = this.#nameOf(userId);
    if (before !== status) this.notes.push(`${name} ${status}`);
    else if (text !== null) this.notes.push(`${name} says ${text}`);
  }

  #noteTyping(typist: string, types: boolean): void {
    if (this.typing.has(typist) === types) return;
    if (types) this.typing.add(typist);
    else this.typing.delete(typist);
    this.notes.push(`${typist} ${types ? 'types' : 'types no more'}`);
  }

  #typist({ userId, threadId }: { readonly userId: string; readonly threadId: string | null }): string {
    return threadId === null ? this.#nameOf(userId) : `${this.#nameOf(userId)} in a thread`;
  }
}
