import { usageError } from '../../cli-error.ts';
import { defineCommand } from '../../command.ts';
import { channelCalled } from '../../resolve/channel.ts';
import { aboutOptions } from './create.ts';
import { shownFacts, whichChannel } from './shown.ts';

export const updateChannel = defineCommand({
  path: ['channel', 'update'],
  summary: 'Changes name, topic or description of a channel',
  args: [whichChannel],
  options: { name: { type: 'text', value: 'NAME', summary: 'Another name' }, ...aboutOptions },
  examples: [
    { line: 'parley channel update lab --topic "Release 2"', says: 'Another topic' },
    { line: 'parley channel update lab --topic=', says: 'No topic any more' },
  ],
  async run({ out, hub }, { args, options }) {
    if (Object.keys(options).length === 0)
      throw usageError('nothing to change', 'See: parley help channel update');
    const { call } = await hub();
    const { id } = await channelCalled(call, args.channel);
    const channel = await call('updateChannel', { params: { channelId: id }, body: options });
    await out.result(channel, out.forPeople ? shownFacts(channel) : undefined);
  },
});
