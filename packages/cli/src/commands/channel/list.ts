import { channelKinds, limits } from '@parley/hub-protocol';
import { defineCommand } from '../../command.ts';
import { everything } from '../../resolve/everything.ts';
import { shownChannel } from '../../resolve/channel.ts';

export const listChannels = defineCommand({
  path: ['channel', 'list'],
  summary: 'Lists the channels that you are in, and the public ones',
  args: [],
  options: {
    joined: { type: 'flag', summary: 'Only those that you are in' },
    archived: { type: 'flag', summary: 'Archived ones, instead of the others' },
    kind: { type: 'text', oneOf: channelKinds, summary: 'Only those of a kind' },
    query: { type: 'text', summary: 'Only those with this in their name' },
  },
  examples: [
    { line: 'parley channel list', says: 'All that you can see' },
    { line: 'parley channel list --joined --json', says: 'Where you are, for a program' },
  ],
  async run({ out, hub }, { options }) {
    const { call } = await hub();
    const query = { limit: limits.page, ...options };
    const channels = await everything((cursor) => call('listChannels', { query: { ...query, ...cursor } }));
    await out.list(
      channels,
      ['channel', 'kind', 'members', 'log', 'topic'],
      channels.map((channel) => [
        shownChannel(channel),
        channel.kind,
        String(channel.memberCount),
        String(channel.seq),
        channel.topic,
      ]),
    );
  },
});
