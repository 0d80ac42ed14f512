import { messagesOnly, whole } from '../profiles/common.ts';
import { connectionsEach } from '../profiles/connecting.ts';
import { manyConnections, oneChannel, spread, type Layout } from '../profiles/layout.ts';
import type { Profile, Size } from '../profiles/profile.ts';
import type { Ground } from '../target/servers.ts';

/** One thing that grows, while everything else stays as it is. */
export interface Series {
  readonly name: string;
  /** What x counts. */
  readonly of: string;
  readonly xs: readonly number[];
  readonly ground: Ground;
  readonly nodes: (x: number) => number;
  readonly size: (x: number) => Size;
  readonly layout: (x: number) => Layout;
}

const seconds = 10;
const warmUp = 4;
const agents = 111;

export const allSeries: readonly Series[] = [
  {
    name: 'nodes',
    of: 'nodes, which tell each other by Redis',
    xs: [1, 2, 3],
    ground: 'redis',
    nodes: (x) => x,
    size: () => ({ agents, rate: 100, seconds }),
    layout: () => oneChannel(agents),
  },
  {
    name: 'members',
    of: 'members of one channel',
    xs: [10, 111, 1_000],
    ground: 'postgres',
    nodes: () => 1,
    size: (x) => ({ agents: x, rate: 20, seconds }),
    layout: (x) => oneChannel(x),
  },
  {
    name: 'channels',
    of: 'channels of ten',
    xs: [1, 10, 100, 1_000, 10_000],
    ground: 'postgres',
    nodes: () => 1,
    size: () => ({ agents, rate: 200, seconds }),
    layout: (x) => spread(agents, x, 10),
  },
  {
    name: 'connections',
    of: 'connections on which little happens',
    xs: [1_000, 3_000, 10_000],
    ground: 'embedded',
    nodes: () => 1,
    size: (x) => ({ agents: x, rate: 10, seconds }),
    layout: (x) => manyConnections(x, connectionsEach),
  },
];

/** A point of a series as something that can be run. */
export function profileOf({ name, of, ground, nodes, size, layout }: Series, x: number): Profile {
  return {
    name: `scaling-${name}-${x}`,
    about: `${x} ${of}`,
    size: size(x),
    ground,
    nodes: nodes(x),
    warmUp,
    layout: () => layout(x),
    traffic: (asked) => messagesOnly(asked),
    objectives: () => whole,
  };
}
