import type { AgentsState, RosterState } from '@parley/hub-client';
import type { Agent, Presence, Typist } from '@parley/hub-protocol';
import { describe, expect, it } from 'vitest';
import { agentChanges, rosterChanges } from '../../src/presence/changes.ts';

const channelId = 'c';

const presenceOf = (userId: string, status: Presence['status'] = 'online'): Presence => ({
  userId,
  status,
  customStatus: null,
  emoji: null,
  until: null,
  lastSeen: null,
});

function rosterOf(
  members: readonly Presence[],
  typing: readonly Typist[] = [],
  given: Partial<RosterState> = {},
): RosterState {
  return {
    members: new Map(members.map((member) => [member.userId, member])),
    users: members.length,
    complete: true,
    stale: false,
    typing,
    ...given,
  };
}

const told = (before: RosterState, now: RosterState): unknown[] =>
  rosterChanges(channelId, before, now).map((event) =>
    event.type === 'channel.presence'
      ? [event.presence.userId, event.presence.status]
      : event.type === 'channel.typing'
        ? [event.userId, event.state, event.threadId]
        : event.type,
  );

describe('what has become of a roster', () => {
  it('is who went, who came or changed, who ceased to type, and who began', () => {
    const [ann, ben, cleo] = [presenceOf('ann'), presenceOf('ben'), presenceOf('cleo')];
    const typist = (userId: string, threadId: string | null = null): Typist => ({ userId, threadId });
    expect(
      told(
        rosterOf([ann, ben], [typist('ann'), typist('ben', 't')]),
        rosterOf([presenceOf('ben', 'away'), cleo], [typist('ben', 't'), typist('cleo'), typist('ben')]),
      ),
    ).toEqual([
      ['ann', 'offline'],
      ['ben', 'away'],
      ['cleo', 'online'],
      ['ann', 'stop', null],
      ['cleo', 'start', null],
      ['ben', 'start', null],
    ]);
    const same = rosterOf([ann]);
    expect(told(same, rosterOf([ann]))).toEqual([]);
  });

  it('tells nobody gone who is only not listed any more', () => {
    const large = { complete: false, users: 5_000 };
    const [ann, ben] = [presenceOf('ann'), presenceOf('ben')];
    expect(told(rosterOf([ann], [], large), rosterOf([ben], [], large))).toEqual([['ben', 'online']]);
  });
});

it('what has become of agents is who is another, and who is listed no more', () => {
  const agent = (userId: string, given: Partial<Agent> = {}): Agent => ({
    userId,
    online: true,
    capabilities: [],
    model: null,
    ownerId: null,
    load: null,
    ...given,
  });
  const agentsOf = (...items: Agent[]): AgentsState => ({
    members: new Map(items.map((item) => [item.userId, item])),
    stale: false,
  });
  const calm = agent('calm');
  const before = agentsOf(calm, agent('gone'), agent('forgotten', { online: false }), agent('busy'));
  const now = agentsOf(calm, agent('busy', { load: 1 }), agent('new'));
  expect(
    agentChanges(before, now).map((event) =>
      event.type === 'agent.update' ? [event.agent.userId, event.agent.online, event.agent.load] : event.type,
    ),
  ).toEqual([
    ['gone', false, null],
    ['busy', true, 1],
    ['new', true, null],
  ]);
});
