import type { AgentsState, RosterState } from '@parley/hub-client';
import type { HubEvent, Typist } from '@parley/hub-protocol';

/**
 * What has become of a roster, as the events that would make the one of the other: also what happened while nobody was connected, and in the
 * order: who went, who came or changed, who ceased to type, who began.
 */
export function rosterChanges(channelId: string, before: RosterState, now: RosterState): HubEvent[] {
  const gone = [...before.members.values()].filter(({ userId }) => !now.members.has(userId));
  const news = [...now.members.values()].filter((member) => before.members.get(member.userId) !== member);
  const typing = (typist: Typist, state: 'start' | 'stop'): HubEvent => ({
    type: 'channel.typing',
    channelId,
    ...typist,
    state,
  });
  return [
    // Of those who are not listed any more in a large channel, nobody knows.
    ...(now.complete ? gone : []).map((member): HubEvent => ({
      type: 'channel.presence',
      channelId,
      presence: { ...member, status: 'offline' },
    })),
    ...news.map((presence): HubEvent => ({ type: 'channel.presence', channelId, presence })),
    ...missing(before.typing, now.typing).map((typist) => typing(typist, 'stop')),
    ...missing(now.typing, before.typing).map((typist) => typing(typist, 'start')),
  ];
}

export function agentChanges(before: AgentsState, now: AgentsState): HubEvent[] {
  const gone = [...before.members.values()].filter(
    ({ userId, online }) => online && !now.members.has(userId),
  );
  const news = [...now.members.values()].filter((agent) => before.members.get(agent.userId) !== agent);
  return [...gone.map((agent) => ({ ...agent, online: false })), ...news].map((agent) => ({
    type: 'agent.update',
    agent,
  }));
}

function missing(from: readonly Typist[], among: readonly Typist[]): Typist[] {
  return from.filter(
    ({ userId, threadId }) => !among.some((other) => other.userId === userId && other.threadId === threadId),
  );
}
