import { limits, scopesOfRole } from '@parley/hub-protocol';
import type { AgentPlan, ChannelPlan } from '../generator/protocol.ts';
import type { Layout } from '../profiles/layout.ts';
import type { HubApi } from './hub-api.ts';

/** Agents and channels in a hub, as a profile wants them. */
export interface Populated {
  readonly channels: readonly ChannelPlan[];
  readonly agents: readonly AgentPlan[];
  /** Takes them away again, where the hub goes on without us. */
  readonly leave: () => Promise<void>;
}

interface User {
  readonly id: string;
  readonly token: string;
}

const atOnce = 8;

export async function populate(api: HubApi, run: string, layout: Layout): Promise<Populated> {
  const users = await inTurns(layout.users, async (i): Promise<User> => {
    const handle = `load-${run}-${i}`;
    const { user } = await api.ask<{ user: { id: string } }>('POST', '/users', {
      kind: 'agent',
      handle,
      displayName: `Agent ${i + 1}`,
    });
    const { secret } = await api.ask<{ secret: string }>('POST', '/tokens', {
      name: 'load test',
      userId: user.id,
      scopes: scopesOfRole.member,
    });
    return { id: user.id, token: secret };
  });
  const userOf = (agent: number): User => users[agent % users.length] ?? { id: '', token: '' };
  const channels = await inTurns(layout.channels.length, async (place): Promise<ChannelPlan> => {
    const { members = [], weight = 0 } = layout.channels[place] ?? {};
    const ids = [...new Set(members.map((agent) => userOf(agent).id))];
    const { id } = await api.ask<{ id: string }>('POST', '/channels', {
      kind: 'private',
      name: `load-${run}-${place}`,
      members: ids.slice(0, limits.page),
    });
    for (const userId of ids.slice(limits.page))
      await api.ask('PUT', `/channels/${id}/members/${userId}`, { role: 'member' });
    return { id, weight };
  });
  const ofAgent: number[][] = Array.from({ length: layout.agents }, () => []);
  for (const [place, { members }] of layout.channels.entries())
    for (const agent of members) ofAgent[agent]?.push(place);
  const agents = ofAgent.map((places, index): AgentPlan => ({
    index,
    userId: userOf(index).id,
    token: userOf(index).token,
    channels: places,
    watches: places.slice(0, layout.watches),
    mute: layout.mute?.(index) === true,
  }));
  return {
    channels,
    agents,
    async leave() {
      await inTurns(channels.length, (place) => api.ask('DELETE', `/channels/${channels[place]?.id ?? ''}`));
      await inTurns(users.length, (i) => api.ask('DELETE', `/users/${users[i]?.id ?? ''}`));
    },
  };
}

/** Several at once, and the results in their order. */
async function inTurns<T>(count: number, make: (nth: number) => Promise<T>): Promise<T[]> {
  const made: T[] = [];
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < count) {
      const nth = next;
      next += 1;
      made[nth] = await make(nth);
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, count) }, lane));
  return made;
}
