import { exponentialBackoff, type Clock, type Random, type Timer } from '@parley/cache-core/kernel';
import type { AgentCard, Presence, Registration } from '@parley/presence';
import { cardAfter, cardOf, type AgentProfile, type AgentWord } from './agent-card.ts';
import type { StayEnd } from './stay.ts';

export interface AgentsHereOptions {
  readonly agents: Pick<Presence['agents'], 'register'>;
  readonly profile: (userId: string) => Promise<AgentProfile>;
  readonly clock: Clock;
  readonly random: Random;
  readonly graceMs: number;
}

interface AgentHere {
  readonly userId: string;
  sockets: number;
  /** What it has said before its profile was read. */
  word: AgentWord;
  /** Undefined until its profile is read. */
  card: AgentCard | undefined;
  registration: Registration | undefined;
  /** What the registry was told last. */
  told: AgentCard | undefined;
  /** The registry was told that it goes, and may carry that out at any time. */
  leaving: boolean;
  working: boolean;
  /** Something has changed since the last step began. */
  changed: boolean;
  grace: Timer | undefined;
}

/** The agents that are connected to this node, as the registry is told of them. Nobody waits for the registry. */
export class AgentsHere {
  readonly #options: AgentsHereOptions;
  readonly #agents = new Map<string, AgentHere>();
  readonly #closing = new AbortController();

  constructor(options: AgentsHereOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#agents.size;
  }

  begin(userId: string): void {
    const known = this.#agents.get(userId);
    const agent = known ?? this.#make(userId);
    agent.grace?.cancel();
    agent.grace = undefined;
    agent.sockets += 1;
    this.#work(agent);
  }

  say(userId: string, word: AgentWord): void {
    const agent = this.#agents.get(userId);
    if (agent === undefined) return;
    if (agent.card === undefined) agent.word = { ...agent.word, ...word };
    else agent.card = cardAfter(agent.card, word);
    this.#work(agent);
  }

  /** A connection of it is gone; with the last one it is, where that was lost after the grace. */
  end(userId: string, how: StayEnd, afterMs: number): void {
    const agent = this.#agents.get(userId);
    if (agent === undefined) return;
    agent.sockets -= 1;
    if (agent.sockets > 0) return;
    if (how === 'left') return this.#work(agent);
    const { clock, graceMs } = this.#options;
    const over = (): void => {
      agent.grace = undefined;
      this.#work(agent);
    };
    agent.grace = clock.timer(afterMs + graceMs, over, { unref: true });
  }

  close(): void {
    this.#closing.abort();
    for (const { grace } of this.#agents.values()) grace?.cancel();
  }

  #make(userId: string): AgentHere {
    const agent: AgentHere = {
      userId,
      sockets: 0,
      word: {},
      card: undefined,
      registration: undefined,
      told: undefined,
      leaving: false,
      working: false,
      changed: false,
      grace: undefined,
    };
    this.#agents.set(userId, agent);
    return agent;
  }

  #work(agent: AgentHere): void {
    agent.changed = true;
    if (agent.working || this.#closing.signal.aborted) return;
    agent.working = true;
    void this.#untilTold(agent);
  }

  async #untilTold(agent: AgentHere): Promise<void> {
    const { clock, random } = this.#options;
    const { signal } = this.#closing;
    const backoff = exponentialBackoff({ baseMs: 250, maxMs: 5_000, minMs: 50, random });
    for (let failures = 0; !signal.aborted;) {
      agent.changed = false;
      try {
        const told = await this.#step(agent);
        // What was said since the step has looked woke nobody.
        if (told && !agent.changed) break;
        failures = 0;
      } catch {
        failures += 1;
        await clock.sleep(backoff(failures), { signal, unref: true }).catch(() => undefined);
      }
    }
    agent.working = false;
  }

  /** Answers whether the registry knows what is the case. */
  async #step(agent: AgentHere): Promise<boolean> {
    const { agents, profile } = this.#options;
    const { userId, registration } = agent;
    if (agent.sockets === 0 && agent.grace === undefined) {
      // It may be there already although the registry has not answered: only who has registered it can end that.
      if (registration === undefined && agent.told !== undefined)
        agent.registration = await agents.register(userId, agent.told);
      agent.leaving = true;
      await agent.registration?.close();
      agent.registration = agent.told = undefined;
      agent.leaving = false;
      if (agent.sockets > 0) return false;
      // It may have been forgotten before, and have come back as another one.
      if (this.#agents.get(userId) === agent) this.#agents.delete(userId);
      return true;
    }
    if (agent.card === undefined) {
      const known = cardOf(await profile(userId));
      agent.card = cardAfter(known, agent.word);
    }
    const { card } = agent;
    const isThere = registration !== undefined && !agent.leaving;
    if (isThere && agent.told === card) return true;
    agent.told = card;
    if (!isThere) {
      agent.registration = await agents.register(userId, card);
      agent.leaving = false;
    }
    // An update leaves what it does not name.
    else await registration.update({ model: undefined, owner: undefined, load: undefined, ...card });
    return agent.card === card && agent.sockets > 0;
  }
}
