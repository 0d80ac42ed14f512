import { callFiles } from '@parley/hub-client/files';
import { limits } from '@parley/hub-protocol';
import { defineCommand } from '../../command.ts';
import { channelCalled, channelWords } from '../../resolve/channel.ts';
import { everything } from '../../resolve/everything.ts';
import { shownTime } from '../../times.ts';
import { shownBytes } from './bytes.ts';

export const listFiles = defineCommand({
  path: ['file', 'list'],
  summary: 'Lists the files of a channel, latest first',
  args: [{ name: 'channel', summary: channelWords }],
  options: {},
  examples: [
    { line: 'parley file list general', says: 'With their ids' },
    { line: 'parley file list general --json', says: 'For a program' },
  ],
  async run({ out, hub, world }, { args }) {
    const { call, url, token } = await hub();
    const channel = await channelCalled(call, args.channel);
    const files = callFiles({ url, token, fetch: world.fetch });
    const items = await everything((cursor) =>
      files('listFiles', {
        params: { channelId: channel.id },
        query: { limit: limits.page, ...cursor },
      }),
    );
    await out.list(
      items,
      ['id', 'since', 'size', 'type', 'name'],
      items.map(({ id, createdAt, size, type, name }) => [
        id,
        shownTime(createdAt),
        shownBytes(size),
        type,
        name,
      ]),
    );
  },
});
