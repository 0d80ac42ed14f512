import { usageError } from '../../cli-error.ts';
import { defineCommand } from '../../command.ts';
import { exitCodes } from '../../exit-codes.ts';
import { ask } from '../../prompt.ts';
import { channelCalled, shownChannel } from '../../resolve/channel.ts';
import { whichChannel } from './shown.ts';

export const deleteChannel = defineCommand({
  path: ['channel', 'delete'],
  summary: 'Deletes a channel with everything in it, for ever',
  about: [
    'On a terminal it asks for the name of the channel. Without one it takes --yes. parley channel archive keeps what was said.',
  ],
  args: [whichChannel],
  options: { yes: { type: 'flag', short: 'y', summary: 'Does not ask' } },
  examples: [{ line: 'parley channel delete lab --yes', says: 'Without being asked' }],
  async run({ out, hub, world }, { args, options }) {
    const { call } = await hub();
    const channel = await channelCalled(call, args.channel);
    const shown = shownChannel(channel);
    if (options.yes !== true) {
      if (world.stdin.isTTY !== true)
        throw usageError(`deleting ${shown} cannot be undone`, 'Say that you mean it: --yes');
      const name = channel.name ?? channel.id;
      const said = await ask(
        world,
        `${shown} and its ${channel.seq} messages and changes are lost. Type ${name} to delete it: `,
      );
      if (said.trim().replace(/^#/, '') !== name) {
        out.say('Nothing was deleted.');
        return exitCodes.failed;
      }
    }
    await call('deleteChannel', { params: { channelId: channel.id } });
    await out.result({ id: channel.id, deleted: true });
    out.note(`${shown} is deleted.`);
    return undefined;
  },
});
