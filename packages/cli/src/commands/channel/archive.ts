import { defineCommand } from '../../command.ts';
import { channelCalled, shownChannel } from '../../resolve/channel.ts';
import { whichChannel } from './shown.ts';

export const archiveChannel = defineCommand({
  path: ['channel', 'archive'],
  summary: 'Archives a channel: it can be read, and nothing can be sent',
  args: [whichChannel],
  options: {},
  examples: [{ line: 'parley channel archive lab', says: 'Until it is taken back' }],
  async run({ out, hub }, { args }) {
    const { call } = await hub();
    const { id } = await channelCalled(call, args.channel);
    const channel = await call('archiveChannel', { params: { channelId: id } });
    await out.result(channel);
    out.note(`${shownChannel(channel)} is archived. Back again: parley channel unarchive ${args.channel}`);
  },
});

export const unarchiveChannel = defineCommand({
  path: ['channel', 'unarchive'],
  summary: 'Takes a channel back from the archive',
  args: [whichChannel],
  options: {},
  examples: [{ line: 'parley channel unarchive lab', says: 'It goes on where it was' }],
  async run({ out, hub }, { args }) {
    const { call } = await hub();
    const { id } = await channelCalled(call, args.channel);
    const channel = await call('unarchiveChannel', { params: { channelId: id } });
    await out.result(channel);
    out.note(`${shownChannel(channel)} is open again.`);
  },
});
