import { InvalidArgument, parseDuration, safeCall, withDeadline } from '@parley/cache-core/kernel';
import type { Clock, Duration } from '@parley/cache-core/kernel';
import type { Followed, Followers } from './followers.ts';
import type { Details } from './member.ts';
import { placeOf, requireName } from './names.ts';
import type { Registrar } from './registrar.ts';
import type { Held } from './replica.ts';
import { parse } from './status.ts';
import { watchOf, type Watch } from './watch.ts';

/** What an agent says of itself. */
export interface AgentCard {
  readonly capabilities: readonly string[];
  readonly model?: string | undefined;
  readonly owner?: string | undefined;
  /** How busy it is, from 0 to 1. */
  readonly load?: number | undefined;
  readonly details?: Details | undefined;
}

export interface Agent extends AgentCard {
  readonly agent: string;
  /** False of one that is gone, for as long as it is remembered. */
  readonly online: boolean;
}

export interface AgentOptions {
  /** How long an agent is listed as offline when its process is gone. @default '5m' */
  readonly remember?: Duration | undefined;
}

export interface AgentParts {
  readonly clock: Clock;
  readonly followers: Followers;
  readonly registrar: Registrar;
  readonly withinMs: number;
  readonly processId: string;
  readonly maxValueBytes: number;
  readonly start: () => void;
}

/** An agent that runs in this process. */
export interface Registration extends AsyncDisposable {
  /** What is not named stays as it is. */
  readonly update: (card: Partial<AgentCard>) => Promise<void>;
  /** It is gone for good, and listed no more. */
  readonly close: () => Promise<void>;
}

const idleMs = 3_600_000;
const onlineRank = 1;

/** Which agents there are, and what they can do. */
export class AgentRegistry {
  readonly #parts: AgentParts;
  readonly #lingerMs: number;

  constructor(parts: AgentParts, options: AgentOptions = {}) {
    this.#parts = parts;
    this.#lingerMs = parseDuration(options.remember ?? '5m', { field: 'agents.remember' });
  }

  /** Resolves when others can find it. Of an agent in several processes the card that was changed last is told. */
  async register(agent: string, card: AgentCard): Promise<Registration> {
    const { registrar, processId, maxValueBytes, start, clock, withinMs } = this.#parts;
    const name = { channel: placeOf.agents, user: requireName('agent', agent), id: processId };
    let now = card;
    const set = async (gentle: boolean): Promise<void> => {
      const value = encodeCard(now, maxValueBytes);
      const entry = { ...name, rank: onlineRank, value, owned: true, lingerMs: this.#lingerMs, idleMs };
      await within(registrar.set(entry, { gentle, claim: !gentle }));
    };
    const within = (work: Promise<void>): Promise<void> =>
      withDeadline(withinMs, () => work, { clock, what: 'a registration' });
    const close = (): Promise<void> => within(registrar.drop(name));
    start();
    const isKnown = registrar.wants(name);
    try {
      await set(false);
    } catch (error) {
      // Nobody has what would close it.
      if (!isKnown) void registrar.drop(name);
      throw error;
    }
    return {
      update: async (update) => {
        if (!registrar.wants(name)) return;
        now = { ...now, ...update };
        await set(true);
      },
      close,
      [Symbol.asyncDispose]: close,
    };
  }

  /** Those that are there, and those that were a moment ago. */
  async list(): Promise<Agent[]> {
    const { followers } = this.#parts;
    const known = followers.find(placeOf.agents);
    if (known?.known === true && !known.stale) return agentsOf(known.members.values());
    const limit = followers.maxMembers;
    const { members = [] } = await followers.read({ channel: placeOf.agents, limit });
    return agentsOf(members);
  }

  /** Those that are there and can do all of this, the least busy first. */
  async find(...capabilities: readonly string[]): Promise<Agent[]> {
    const agents = await this.list();
    return agents
      .filter((agent) => agent.online && capabilities.every((one) => agent.capabilities.includes(one)))
      .toSorted((one, other) => (one.load ?? 0) - (other.load ?? 0));
  }

  /** Tells of each agent that came, changed or went; undefined: it is listed no more. */
  watch(listener: (agent: string, now: Agent | undefined) => void): Watch<readonly Agent[]> {
    const { followers, clock, withinMs, start } = this.#parts;
    start();
    const { follower, release }: Followed = followers.follow(placeOf.agents, { whole: true });
    const tell = (user: string, held: Pick<Held, 'user' | 'rank' | 'value'> | undefined): void =>
      safeCall('agent watch', listener, user, held && agentOf(held));
    for (const [user, held] of follower.members) tell(user, held);
    const end = follower.listen({
      changed: ({ user, held }) => tell(user, held),
      replaced: () => undefined,
      stale: () => undefined,
    });
    return watchOf({
      clock,
      withinMs,
      ready: () => follower.ready,
      current: () => agentsOf(follower.members.values()),
      close: () => {
        end();
        release();
      },
    });
  }
}

type Told = Pick<Held, 'user' | 'rank' | 'value'>;

const agentsOf = (members: Iterable<Told>): Agent[] => Array.from(members, agentOf);

function agentOf({ user, rank, value }: Told): Agent {
  const card: unknown = parse(value);
  const field = (name: string): unknown =>
    typeof card === 'object' && card !== null ? Reflect.get(card, name) : undefined;
  const [capabilities, model, owner, load] = ['capabilities', 'model', 'owner', 'load'].map(field);
  const details = field('details');
  return {
    agent: user,
    online: rank >= onlineRank,
    capabilities: Array.isArray(capabilities) ? capabilities.filter((one) => typeof one === 'string') : [],
    ...(typeof model === 'string' && { model }),
    ...(typeof owner === 'string' && { owner }),
    ...(typeof load === 'number' && { load }),
    ...(isDetails(details) && { details }),
  };
}

function encodeCard(card: AgentCard, maxBytes: number): string {
  const { capabilities, model, owner, load, details } = card;
  if (!Array.isArray(capabilities) || capabilities.some((one) => typeof one !== 'string'))
    throw new InvalidArgument('capabilities', 'a list of texts', capabilities);
  if (load !== undefined && !(load >= 0 && load <= 1)) throw new InvalidArgument('load', 'from 0 to 1', load);
  const value = JSON.stringify({ capabilities, model, owner, load, details });
  if (new TextEncoder().encode(value).length <= maxBytes) return value;
  throw new InvalidArgument('card', `at most ${maxBytes} bytes of JSON`, value.length);
}

function isDetails(value: unknown): value is Details {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
