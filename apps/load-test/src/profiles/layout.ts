import type { Random } from '@parley/services';

interface ChannelLayout {
  /** Numbers of agents. */
  readonly members: readonly number[];
  /** How large its part of the messages is. */
  readonly weight: number;
}

/** Who is there, and who is where. */
export interface Layout {
  /** Connections. */
  readonly agents: number;
  /** Agent n is user n modulo this: more connections than users, where each user has several. */
  readonly users: number;
  readonly channels: readonly ChannelLayout[];
  /** In how many of its channels an agent watches who is there. */
  readonly watches: number;
  /** Who says nothing. @default nobody */
  readonly mute?: (agent: number) => boolean;
}

export function everybody(agents: number): number[] {
  return Array.from({ length: agents }, (_, i) => i);
}

/** All in one channel. */
export function oneChannel(agents: number): Layout {
  return { agents, users: agents, channels: [{ members: everybody(agents), weight: 1 }], watches: 0 };
}

/**
 * As a workspace is: everybody in one channel where little is said, teams of about ten where most is said, working groups of five, and pairs.
 * Busy teams say more than quiet ones.
 */
export function workplace(agents: number, random: Random): Layout {
  const all = everybody(agents);
  const some = (count: number): number[] => {
    const left = [...all];
    const taken: number[] = [];
    while (taken.length < Math.min(count, agents))
      taken.push(...left.splice(random.between(0, left.length - 1), 1));
    return taken;
  };
  const many = (count: number, size: () => number, share: number): ChannelLayout[] => {
    const sum = Array.from({ length: count }, (_, i) => 1 / (i + 1)).reduce((a, b) => a + b, 0);
    return Array.from({ length: count }, (_, i) => ({
      members: some(size()),
      weight: share / (i + 1) / sum,
    }));
  };
  const channels = [
    { members: all, weight: 0.05 },
    ...many(Math.max(1, Math.round(agents / 9)), () => random.between(7, 14), 0.55),
    ...many(Math.max(1, Math.round(agents / 5)), () => random.between(3, 6), 0.25),
    ...many(Math.max(1, Math.round(agents / 3)), () => 2, 0.15),
  ];
  return { agents, users: agents, channels, watches: 3 };
}

/** Many channels of the same size, over which the messages are spread evenly. */
export function spread(agents: number, channels: number, size: number): Layout {
  const each = Math.min(size, agents);
  return {
    agents,
    users: agents,
    channels: Array.from({ length: channels }, (_, place) => ({
      members: Array.from({ length: each }, (_, i) => (place * each + i) % agents),
      weight: 1,
    })),
    watches: 0,
  };
}

/** Each user has many connections, and a channel with four others. */
export function manyConnections(agents: number, connectionsEach: number): Layout {
  const users = Math.ceil(agents / connectionsEach);
  const teams = Math.ceil(users / 5);
  const members = (team: number): number[] =>
    everybody(agents).filter((agent) => Math.floor((agent % users) / 5) === team);
  const channels = Array.from({ length: teams }, (_, team) => ({ members: members(team), weight: 1 }));
  return { agents, users, channels, watches: 0 };
}
