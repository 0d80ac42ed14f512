import { connectHub, type CallRoute, type RosterState } from '@parley/hub-client';
import type { Channel, Presence, Typist } from '@parley/hub-protocol';
import { usageError } from '../../cli-error.ts';
import { defineCommand } from '../../command.ts';
import type { Context, SignedIn } from '../../context.ts';
import { Names } from '../../names.ts';
import type { Output } from '../../output.ts';
import { rosterChanges } from '../../presence/changes.ts';
import { followState } from '../../presence/follow-state.ts';
import { presencesOf } from '../../presence/presences-of.ts';
import { shownText } from '../../presence/shown.ts';
import { channelCalled, channelWords, shownChannel } from '../../resolve/channel.ts';
import { whenAllGone } from '../../tail/gone-channels.ts';
import { shownTime } from '../../times.ts';

export const who = defineCommand({
  path: ['who'],
  summary: 'Tells who is here now, how they want to be seen, and who types',
  about: [
    'Here is whoever is connected. In the workspace without a channel; of a channel, those of its members who follow it.',
    'With --follow each change is a line, until Ctrl+C; with --json the roster is the first line and events of the protocol follow.',
  ],
  args: [
    {
      name: 'channel',
      optional: true,
      summary: `${channelWords}. Without one: everybody in the workspace who is here`,
    },
  ],
  options: {
    follow: { type: 'flag', short: 'f', summary: 'Goes on: who comes, goes, types, and is seen otherwise' },
  },
  examples: [
    { line: 'parley who', says: 'Everybody who is here' },
    { line: 'parley who lab', says: 'In a channel, with who types' },
    { line: 'parley who lab --follow', says: 'And what becomes of it' },
  ],
  async run(context, { args, options: { follow = false } }) {
    const hub = await context.hub();
    const names = new Names(hub.call);
    if (args.channel === undefined) {
      if (follow) throw usageError('--follow needs a channel', 'parley who CHANNEL --follow');
      await showWorkspace(context.out, hub.call, names);
      return;
    }
    const channel = await channelCalled(hub.call, args.channel);
    if (follow) {
      await followRoster(context, hub, channel, names);
      return;
    }
    const roster = await hub.call('readRoster', { params: { channelId: channel.id } });
    if (!context.out.json) await names.learnAll();
    await context.out.result(roster, await tableOf(context.out, names, roster.members, roster.typing));
    tellBounds(context.out, { ...roster, listed: roster.members.length });
  },
});

async function showWorkspace(out: Output, call: CallRoute, names: Names): Promise<void> {
  const ids = (await names.learnAll()).map(({ id }) => id);
  const here = (await presencesOf(call, ids)).filter(({ status }) => status !== 'offline');
  await out.result(here, await tableOf(out, names, here, []));
}

async function followRoster(
  context: Context,
  { url, token, call }: SignedIn,
  channel: Channel,
  names: Names,
): Promise<void> {
  const { out, world } = context;
  const { id: channelId } = channel;
  if (!out.json) await names.learnAll();
  const hub = connectHub({ url, token, fetch: world.fetch, subscribe: [channelId] });
  hub.watch(channelId);
  await followState<RosterState>(context, {
    hub,
    names,
    channelId,
    read: () => hub.snapshot().rosters.get(channelId),
    changes: (before, now) => rosterChanges(channelId, before, now),
    watch: (fail) => whenAllGone(call, hub, [channel], fail),
    async begin({ members: byUser, typing, ...rest }) {
      const members = [...byUser.values()];
      const table = out.json ? '' : await tableOf(out, names, members, typing);
      const first = table === '' ? `Nobody is in ${shownChannel(channel)}` : table;
      await out.line({ channelId, ...rest, members, typing }, first);
      tellBounds(out, { ...rest, listed: members.length });
    },
  });
}

async function tableOf(
  out: Output,
  names: Names,
  members: readonly Presence[],
  typing: readonly Typist[],
): Promise<string> {
  const types = new Set(typing.map(({ userId }) => userId));
  const rows = await Promise.all(
    members.map(async (member) => [
      await names.of(member.userId),
      member.status,
      shownText(member),
      member.until === null ? '' : shownTime(member.until),
      types.has(member.userId) ? 'types' : '',
    ]),
  );
  const byHandle = rows.toSorted(([a = ''], [b = '']) => a.localeCompare(b));
  return out.table(['handle', 'status', 'says', 'until', 'now'], byHandle);
}

/** What everybody must know who takes the list for all that there is. */
function tellBounds(
  out: Output,
  { users, complete, stale, listed }: Omit<RosterState, 'members' | 'typing'> & { readonly listed: number },
): void {
  if (stale) out.say('The hub cannot look just now: this is what it knew last.');
  if (!complete) out.say(`${users} are here, of whom ${listed} are listed.`);
}
