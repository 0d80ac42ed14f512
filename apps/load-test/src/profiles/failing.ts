import { held, messagesOnly, whole } from './common.ts';
import { oneChannel } from './layout.ts';
import type { Objective, Profile } from './profile.ts';

/** Everything that was acknowledged is there, and what is said after the fault is delivered again within three seconds. */
export const recovered: readonly Objective[] = [...whole, { metric: 'resume.max', atMost: 3_000 }];

export const faultSize = { agents: 60, rate: 300, seconds: 30 } as const;

export const nodeKill: Profile = {
  name: 'node-kill',
  about: 'One of three nodes dies, its clients go to the others, and it comes back',
  size: faultSize,
  ground: 'postgres',
  nodes: 3,
  breaks: 'nodes',
  layout: ({ agents }) => oneChannel(agents),
  traffic: (size) => messagesOnly(size),
  async course({ target, at, mark, resumes }) {
    const last = target.nodes.at(-1);
    await at(0.35);
    mark('a node is killed');
    resumes();
    await last?.kill();
    await at(0.65);
    await last?.start();
    mark('the node is back');
  },
  objectives: (size) => [...recovered, held({ ...size, rate: size.rate * 0.9 })],
};

export const redisDown: Profile = {
  name: 'redis-down',
  about: 'Redis dies while two nodes tell each other by it, and comes back empty',
  size: faultSize,
  ground: 'redis',
  nodes: 2,
  breaks: 'redis',
  layout: ({ agents }) => oneChannel(agents),
  traffic: (size) => messagesOnly(size),
  async course({ target, at, mark, resumes }) {
    await at(0.3);
    mark('Redis is killed');
    await target.redis?.kill();
    await at(0.6);
    await target.redis?.restart({ data: 'wipe' });
    mark('Redis is back');
    resumes();
  },
  // Without Redis nodes ask the database for what others were told: messages come later, but they come.
  objectives: () => [...recovered, { metric: 'delivery.p99', atMost: 3_000 }],
};

export const postgresDown: Profile = {
  name: 'postgres-down',
  about:
    'Postgres dies and comes back: nothing can be said meanwhile, and nothing that was acknowledged is lost',
  size: faultSize,
  ground: 'postgres',
  nodes: 1,
  breaks: 'postgres',
  layout: ({ agents }) => oneChannel(agents),
  traffic: (size) => messagesOnly(size),
  async course({ target, at, mark, resumes }) {
    await at(0.35);
    mark('Postgres is killed');
    await target.postgres?.kill();
    await at(0.55);
    await target.postgres?.restart({ data: 'keep' });
    mark('Postgres is back');
    resumes();
  },
  objectives: () => recovered,
};
