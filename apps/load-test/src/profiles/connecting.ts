import { calm, held, messagesOnly, whole } from './common.ts';
import { everybody, manyConnections, oneChannel } from './layout.ts';
import { presentEverywhere } from './presence-check.ts';
import type { Profile } from './profile.ts';

/** A user has so many connections at most, and so has each of ours. */
export const connectionsEach = 50;

export const reconnectStorm: Profile = {
  name: 'reconnect-storm',
  about: 'All connections are lost at once, and everybody comes back at once',
  size: { agents: 1_000, rate: 50, seconds: 20 },
  ground: 'embedded',
  nodes: 1,
  layout: ({ agents }) => manyConnections(agents, 10),
  traffic: (size) => messagesOnly(size),
  async course({ at, mark, order, agents }) {
    await at(0.4);
    mark('all connections are cut');
    order({ do: 'cut', agents: everybody(agents) });
  },
  objectives: () => [
    ...whole,
    { metric: 'resyncs', atMost: 0 },
    { metric: 'lostConnections', atMost: 0 },
    { metric: 'reconnect.max', atMost: 5_000 },
  ],
};

export const connections: Profile = {
  name: 'connections',
  about: 'Many connections on which little happens, and presence that is right for all of them',
  size: { agents: 10_000, rate: 10, seconds: 30 },
  ground: 'embedded',
  nodes: 1,
  layout: ({ agents }) => manyConnections(agents, connectionsEach),
  traffic: (size) => messagesOnly(size),
  inspect: presentEverywhere,
  objectives: (size) => [...calm, held(size), { metric: 'absent', atMost: 0 }],
};

const slow = 3;

export const slowConsumer: Profile = {
  name: 'slow-consumer',
  about:
    'Three of the receivers stand still for half of the time: nobody else notices, the hub does not fill its memory, and they catch up',
  size: { agents: 24, rate: 250, seconds: 30 },
  ground: 'embedded',
  nodes: 1,
  // The still ones say nothing: they would not hear that they were answered.
  layout: ({ agents }) => ({ ...oneChannel(agents), mute: (agent) => agent < slow }),
  traffic: (size) => messagesOnly(size, [4_000, 4_000]),
  async course({ at, mark, order }) {
    await at(0.2);
    mark('three receivers stand still');
    order({ do: 'stall', agents: everybody(slow), still: true });
    await at(0.7);
    mark('they go on');
    order({ do: 'stall', agents: everybody(slow), still: false });
  },
  objectives: (size) => [
    ...whole,
    held(size),
    { metric: 'delivery.p99', atMost: 75 },
    { metric: 'growth.memory', atMost: 150 },
  ],
};
