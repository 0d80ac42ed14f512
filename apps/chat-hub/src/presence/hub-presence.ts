import type { Clock, Random } from '@parley/cache-core/kernel';
import type { Presence } from '@parley/presence';
import type { AgentProfile } from './agent-card.ts';
import { AgentViews } from './agent-views.ts';
import { AgentsHere } from './agents-here.ts';
import { Here } from './here.ts';
import { Rosters } from './rosters.ts';
import { Statuses } from './statuses.ts';
import { Typists } from './typists.ts';

/** How long somebody who was lost is still taken to be here. */
const graceMs = 5_000;

/** What the hub asks of the presence that it opens. */
export const presenceOptions = {
  grace: `${graceMs}ms`,
  // Clients say for themselves when it is too many to be named.
  typing: { several: 1_000 },
} as const;

export interface HubPresenceOptions {
  readonly presence: Presence;
  readonly profile: (userId: string) => Promise<AgentProfile>;
  readonly clock: Clock;
  /** @default Math.random */
  readonly random?: Random | undefined;
}

interface PresenceFigures {
  readonly here: number;
  readonly lost: number;
  readonly agents: number;
  readonly watchedChannels: number;
  readonly watches: number;
  readonly agentWatches: number;
}

/** Who is here, how they are seen, who types, and which agents are at work: as this node tells others, and as it hears of them. */
export interface HubPresence {
  readonly here: Here;
  readonly agentsHere: AgentsHere;
  readonly rosters: Rosters;
  readonly agents: AgentViews;
  readonly statuses: Statuses;
  readonly typists: Typists;
  readonly figures: () => PresenceFigures;
  /** Leaves everything within this time: nobody else hears of anything by this node any more. */
  readonly close: (withinMs: number) => Promise<void>;
}

export function openPresence({
  presence,
  profile,
  clock,
  random = Math.random,
}: HubPresenceOptions): HubPresence {
  const here = new Here({ presence, clock, graceMs });
  const agentsHere = new AgentsHere({ agents: presence.agents, profile, clock, random, graceMs });
  const rosters = new Rosters({ presence, clock });
  const agents = new AgentViews({ agents: presence.agents, clock });
  return {
    here,
    agentsHere,
    rosters,
    agents,
    statuses: new Statuses({ presence, clock }),
    typists: new Typists({ typing: presence.typing, clock }),
    figures: () => ({
      here: here.size,
      lost: here.lost,
      agents: agentsHere.size,
      watchedChannels: rosters.size,
      watches: rosters.watches,
      agentWatches: agents.watches,
    }),
    async close(withinMs) {
      rosters.close();
      agents.close();
      agentsHere.close();
      await presence.close({ within: `${withinMs}ms` });
    },
  };
}
