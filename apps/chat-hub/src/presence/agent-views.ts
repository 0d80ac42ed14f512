import type { Clock, Timer } from '@parley/cache-core/kernel';
import { globalAddress, type Agent } from '@parley/hub-protocol';
import type { Agent as Registered, Presence, Watch } from '@parley/presence';
import { momentLine } from '../live/lines.ts';
import { agentOf } from './agent-card.ts';
import { asked } from './asked.ts';
import { Listener, type Ear } from './ear.ts';

export interface AgentViewsOptions {
  readonly agents: Pick<Presence['agents'], 'list' | 'watch'>;
  readonly clock: Clock;
}

/** So often it is looked whether what was told may be right. The store is asked only while it may not. */
const lookMs = 1_000;

/** What the registry says of agents: looked at once for all on this node who watch. */
export class AgentViews {
  readonly #options: AgentViewsOptions;
  readonly #listeners = new Map<Ear, Listener>();
  /** As they were told last: of one that is forgotten, the registry tells nothing but that. */
  readonly #last = new Map<string, Agent>();
  #watch: Watch<readonly Registered[]> | undefined;
  #line: string | undefined;
  /** Whether the watch has known once which agents there are. */
  #known = false;
  #stale = true;
  #look: Timer | undefined;

  constructor(options: AgentViewsOptions) {
    this.#options = options;
  }

  get watches(): number {
    return this.#listeners.size;
  }

  /** Those at work, and those that went lately; what is known, where the registry is away. Rejects where nothing is. */
  async known(): Promise<ReadonlyMap<string, Agent>> {
    const agents = await this.#list();
    return new Map(agents.map((agent) => [agent.userId, agent]));
  }

  /** Tells of all, and then of each that changes. */
  async watch(ear: Ear): Promise<void> {
    const known = this.#listeners.get(ear);
    const listener = known ?? new Listener(ear, (one) => this.#tell(one));
    this.#listeners.set(ear, listener);
    const watch = (this.#watch ??= this.#open());
    try {
      await asked(watch.ready());
      if (this.#watch === watch) this.#known = true;
      this.#line = undefined;
      await this.#list();
    } catch (error) {
      if (known === undefined) this.unwatch(ear);
      throw error;
    }
    if (this.#listeners.get(ear) === listener) listener.begin();
  }

  unwatch(ear: Ear): void {
    this.#listeners.get(ear)?.quiet();
    this.#listeners.delete(ear);
    if (this.#listeners.size === 0) this.close();
  }

  close(): void {
    this.#look?.cancel();
    this.#watch?.close();
    this.#watch = undefined;
    this.#known = false;
    this.#last.clear();
  }

  async #list(): Promise<Agent[]> {
    const watch = this.#watch;
    try {
      const agents = (await asked(this.#options.agents.list())).map(agentOf);
      this.#turn(false);
      return agents;
    } catch (error) {
      if (watch === undefined || !this.#known) throw error;
      this.#turn(true);
      return watch.current.map(agentOf);
    }
  }

  #turn(stale: boolean): void {
    if (this.#stale === stale) return;
    this.#stale = stale;
    this.#line = undefined;
    for (const listener of this.#listeners.values()) listener.again();
  }

  #open(): Watch<readonly Registered[]> {
    const watch = this.#options.agents.watch((agent, now) => this.#hear(agent, now));
    this.#lookAgain(watch);
    return watch;
  }

  #lookAgain(watch: Watch<readonly Registered[]>): void {
    const look = async (): Promise<void> => {
      await this.#list().catch(() => undefined);
      if (this.#watch === watch) this.#lookAgain(watch);
    };
    this.#look = this.#options.clock.timer(lookMs, () => void look(), { unref: true });
  }

  #tell(ear: Ear): boolean {
    const agents = this.#watch?.current.map(agentOf) ?? [];
    this.#line ??= JSON.stringify({ type: 'agents', agents, stale: this.#stale });
    return ear.tell('agents', this.#line);
  }

  #hear(userId: string, now: Registered | undefined): void {
    this.#line = undefined;
    const last = this.#last.get(userId);
    const agent = now === undefined ? last && { ...last, online: false, load: null } : agentOf(now);
    if (agent === undefined) return;
    if (now === undefined) this.#last.delete(userId);
    else this.#last.set(userId, agent);
    if (this.#listeners.size === 0) return;
    const event = { type: 'agent.update', agent } as const;
    const moment = { event, actorId: userId, channelId: null, to: globalAddress };
    const line = momentLine(moment, this.#options.clock.now());
    for (const listener of this.#listeners.values()) listener.change(line);
  }
}
