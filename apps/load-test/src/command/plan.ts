import { randomInt } from 'node:crypto';
import { availableParallelism } from 'node:os';
import type { Profile, Size } from '../profiles/profile.ts';
import { profiles } from '../profiles/profiles.ts';
import type { Ground } from '../target/servers.ts';
import { UsageError, type RunArguments } from './arguments.ts';

/** What flags and profile come to. */
export interface Plan {
  readonly profile: Profile;
  readonly size: Size;
  readonly ground: Ground;
  readonly nodes: number;
  readonly workers: number;
  readonly seed: number;
}

export function planOf(args: RunArguments): Plan {
  const profile = profiles.find(({ name }) => name === args.profile);
  if (profile === undefined)
    throw new UsageError(
      `there is no profile "${args.profile}": there are ${profiles.map(({ name }) => name).join(', ')}`,
    );
  const { breaks } = profile;
  if (breaks !== undefined && args.target !== undefined)
    throw new UsageError(`${profile.name} kills parts of the hub, and does so with a hub of its own alone`);
  const ground = args.on ?? groundFor(profile, args.nodes ?? profile.nodes);
  const nodes = args.nodes ?? profile.nodes;
  if (ground === 'embedded' && nodes > 1)
    throw new UsageError('several nodes need a Postgres: --on postgres or --on redis');
  if (breaks === 'nodes' && nodes < 2) throw new UsageError(`${profile.name} needs --nodes 2 at least`);
  if (breaks === 'redis' && ground !== 'redis') throw new UsageError(`${profile.name} needs --on redis`);
  if (breaks === 'postgres' && ground === 'embedded')
    throw new UsageError(`${profile.name} needs --on postgres or --on redis`);
  const agents = args.agents ?? profile.size.agents;
  if (agents < 2) throw new UsageError('--agents is 2 at least: one speaks, and somebody hears it');
  return {
    profile,
    size: {
      agents,
      rate: args.rate ?? profile.size.rate,
      seconds: args.seconds ?? profile.size.seconds,
    },
    ground,
    nodes,
    workers: Math.min(agents, args.workers ?? Math.max(2, Math.floor(availableParallelism() / 2))),
    seed: args.seed ?? randomInt(2 ** 31),
  };
}

/** Whoever asks for several nodes means a hub that can have them. */
function groundFor({ ground }: Profile, nodes: number): Ground {
  return ground === 'embedded' && nodes > 1 ? 'postgres' : ground;
}
