import { connectHub, type AgentsState, type CallRoute } from '@parley/hub-client';
import { limits, type Agent, type HubEvent } from '@parley/hub-protocol';
import { defineCommand } from '../../command.ts';
import type { Context, SignedIn } from '../../context.ts';
import { Names } from '../../names.ts';
import type { Output } from '../../output.ts';
import { agentChanges } from '../../presence/changes.ts';
import { followState } from '../../presence/follow-state.ts';
import { presencesOf } from '../../presence/presences-of.ts';
import { shownLoad, shownText } from '../../presence/shown.ts';
import { everything } from '../../resolve/everything.ts';

export const agents = defineCommand({
  path: ['agents'],
  summary: 'Tells which agents are at work, what they do and can do, and how busy they are',
  about: [
    'With --follow those that are at work, or went lately, are shown first, and then each change as a line, until Ctrl+C; with --json the list is the first line and events of the protocol follow.',
  ],
  args: [],
  options: {
    online: { type: 'flag', summary: 'Only those that are at work' },
    capability: { type: 'text', value: 'WORD', summary: 'Only those who say that they can do this' },
    follow: { type: 'flag', short: 'f', summary: 'Goes on: who comes, who goes, and how busy they are' },
  },
  examples: [
    { line: 'parley agents', says: 'All of them' },
    { line: 'parley agents --online --capability review', says: 'Whom to ask for a review' },
    { line: 'parley agents --follow', says: 'Who is busy, and who is free again' },
  ],
  async run(context, { options }) {
    const { online, capability, follow = false } = options;
    const hub = await context.hub();
    const names = new Names(hub.call);
    if (follow) {
      await followAgents(context, hub, names, (agent) => isWanted(agent, online, capability));
      return;
    }
    const query = {
      limit: limits.page,
      ...(online !== undefined && { online }),
      ...(capability !== undefined && { capability }),
    };
    const found = await everything((cursor) => hub.call('listAgents', { query: { ...query, ...cursor } }));
    const { out } = context;
    await out.result(found, out.json ? undefined : await tableOf(out, hub.call, names, found));
  },
});

function isWanted(agent: Agent, online: boolean | undefined, capability: string | undefined): boolean {
  return (
    (online !== true || agent.online) && (capability === undefined || agent.capabilities.includes(capability))
  );
}

async function followAgents(
  context: Context,
  { url, token, call }: SignedIn,
  names: Names,
  wanted: (agent: Agent) => boolean,
): Promise<void> {
  const { out, world } = context;
  const hub = connectHub({ url, token, fetch: world.fetch, subscribe: [] });
  hub.watchAgents();
  const shown = new Set<string>();
  // Of one that was shown, it is told that it is not what was asked for any more.
  const isShown = (event: HubEvent): boolean => {
    if (event.type !== 'agent.update') return false;
    const { agent } = event;
    if (wanted(agent)) shown.add(agent.userId);
    else return shown.delete(agent.userId);
    return true;
  };
  await followState<AgentsState>(context, {
    hub,
    names,
    channelId: null,
    read: () => hub.snapshot().agents,
    changes: (before, now) => agentChanges(before, now).filter(isShown),
    async begin({ members, stale }) {
      const first = [...members.values()].filter(wanted);
      for (const { userId } of first) shown.add(userId);
      const table = out.json ? '' : await tableOf(out, call, names, first);
      await out.line({ agents: first, stale }, table === '' ? 'No agent is at work' : table);
      if (stale) out.say('The hub cannot look just now: this is what it knew last.');
    },
  });
}

async function tableOf(out: Output, call: CallRoute, names: Names, found: readonly Agent[]): Promise<string> {
  await names.learnAll('agent');
  const ids = found.map(({ userId }) => userId);
  const seen = new Map((await presencesOf(call, ids)).map((presence) => [presence.userId, presence]));
  const rows = await Promise.all(
    found.map(async (agent) => {
      const presence = seen.get(agent.userId);
      return [
        await names.of(agent.userId),
        agent.online ? 'at work' : 'away',
        shownLoad(agent),
        presence === undefined ? '' : shownText(presence),
        agent.model ?? '',
        agent.capabilities.join(' '),
      ];
    }),
  );
  const byHandle = rows.toSorted(([a = ''], [b = '']) => a.localeCompare(b));
  return out.table(['handle', 'is', 'busy', 'does', 'model', 'can'], byHandle);
}
