import { calm, conversation, held, messagesOnly, whole } from './common.ts';
import { everybody, oneChannel, spread, workplace } from './layout.ts';
import type { Profile } from './profile.ts';

/** Profiles in which nothing breaks. */
export const quick: Profile = {
  name: 'quick',
  about:
    'A few agents for a few seconds, some of whom lose their connection: whether everything is right, not how fast it is',
  size: { agents: 24, rate: 100, seconds: 6 },
  ground: 'embedded',
  nodes: 1,
  warmUp: 1,
  layout: ({ agents }, random) => workplace(agents, random),
  traffic: conversation,
  async course({ at, mark, order, agents }) {
    await at(0.5);
    mark('a third of the connections is cut');
    order({ do: 'cut', agents: everybody(Math.ceil(agents / 3)) });
  },
  objectives: () => [...whole, { metric: 'resyncs', atMost: 0 }],
};

export const seeds: Profile = {
  name: 'seeds',
  about: 'A workspace of 111 agents in teams, groups and pairs, with reactions, typing and presence',
  size: { agents: 111, rate: 1_000, seconds: 30 },
  ground: 'embedded',
  nodes: 1,
  layout: ({ agents }, random) => workplace(agents, random),
  traffic: conversation,
  objectives: (size, ground) => [
    ...calm,
    held(size),
    { metric: 'delivery.p50', atMost: 5 },
    { metric: 'delivery.p99', atMost: 25 },
    { metric: 'typing.p99', atMost: 25 },
    { metric: 'presence.p99', atMost: 25 },
    // The embedded Postgres is a whole server within the hub's own process: what it takes is told, and not bounded.
    ...(ground === 'postgres' || ground === 'redis' ? [{ metric: 'memory.system', atMost: 500 }] : []),
  ],
};

export const hotChannel: Profile = {
  name: 'hot-channel',
  about: 'All agents in one channel: each message is delivered to each of them',
  size: { agents: 111, rate: 1_000, seconds: 30 },
  ground: 'embedded',
  nodes: 1,
  layout: ({ agents }) => oneChannel(agents),
  traffic: (size) => messagesOnly(size),
  objectives: (size, ground) => [
    ...calm,
    held(size),
    { metric: 'delivery.p99', atMost: ground === 'embedded' ? 75 : 50 },
  ],
};

export const manyChannels: Profile = {
  name: 'many-channels',
  about: 'A thousand channels of ten agents each, of which each has its share',
  size: { agents: 111, rate: 1_000, seconds: 30 },
  ground: 'embedded',
  nodes: 1,
  layout: ({ agents }) => spread(agents, 1_000, 10),
  traffic: (size) => messagesOnly(size),
  objectives: (size) => [...calm, held(size), { metric: 'delivery.p99', atMost: 75 }],
};

export const soak: Profile = {
  name: 'soak',
  about: 'A workspace for a long time: memory and delay at the end are what they were at the beginning',
  size: { agents: 111, rate: 200, seconds: 900 },
  ground: 'embedded',
  nodes: 1,
  warmUp: 30,
  layout: ({ agents }, random) => workplace(agents, random),
  traffic: conversation,
  objectives: (size) => [
    ...calm,
    held(size),
    { metric: 'drift.memory', atMost: 1.2 },
    { metric: 'drift.delivery.p50', atMost: 1.5 },
  ],
};
