import { limits } from '@parley/hub-protocol';
import { defineCommand } from '../command.ts';
import { Names } from '../names.ts';
import { channelCalled } from '../resolve/channel.ts';
import { everything } from '../resolve/everything.ts';
import { safeLine } from '../safe-text.ts';
import { entryOf } from '../tail/entry.ts';
import { Lines } from '../tail/lines.ts';
import { whichChannel } from './channel/shown.ts';

export const turn = defineCommand({
  path: ['turn'],
  summary: 'Shows what an agent thought, did and said in one turn, in order',
  args: [whichChannel, { name: 'turn', summary: 'The id of the turn, as messages have it (--turn of send)' }],
  options: {},
  examples: [
    { line: 'parley turn lab run-42', says: 'Thoughts, actions with their details, and messages' },
    { line: 'parley turn lab run-42 --json', says: 'The messages, for a program' },
  ],
  async run({ out, hub }, { args }) {
    const { call } = await hub();
    const { id: channelId } = await channelCalled(call, args.channel);
    const params = { channelId, turnId: args.turn };
    const items = await everything((cursor) =>
      call('listTurn', { params, query: { limit: limits.page, ...cursor } }),
    );
    const { style, forPeople } = out;
    const lines = new Lines({ names: new Names(call), style, forPeople, channel: () => undefined });
    const shown: string[] = [];
    for (const message of items) {
      const line = await lines.of(entryOf(message, ''));
      const details = message.data === null ? '' : `\n    ${safeLine(JSON.stringify(message.data))}`;
      shown.push(`${line}${details}`);
    }
    await out.result(items, shown.join('\n'));
    if (items.length === 0) out.note('Nothing of this channel names this turn');
  },
});
