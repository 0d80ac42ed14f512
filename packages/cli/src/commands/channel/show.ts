import { defineCommand } from '../../command.ts';
import { channelCalled } from '../../resolve/channel.ts';
import { facts } from '../../facts.ts';
import { shownFacts, whichChannel } from './shown.ts';

export const showChannel = defineCommand({
  path: ['channel', 'show'],
  summary: 'Tells what is known of a channel, and what waits for you in it',
  args: [whichChannel],
  options: {},
  examples: [{ line: 'parley channel show general', says: 'By name' }],
  async run({ out, hub }, { args }) {
    const { call } = await hub();
    const { id } = await channelCalled(call, args.channel);
    const all = await call('readChannel', { params: { channelId: id } });
    const { channel, member, reading } = all;
    await out.result(
      all,
      [
        shownFacts(channel),
        facts([
          ['you are', member?.role ?? 'not in it'],
          ['unread', reading === null ? undefined : String(reading.unread)],
          ['mentions', reading === null ? undefined : String(reading.mentions)],
        ]),
      ].join('\n'),
    );
  },
});
