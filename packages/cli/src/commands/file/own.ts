import { callFiles } from '@parley/hub-client/files';
import { limits } from '@parley/hub-protocol';
import { defineCommand } from '../../command.ts';
import { everything } from '../../resolve/everything.ts';
import { shownTime } from '../../times.ts';
import { shownBytes } from './bytes.ts';

export const listOwnFiles = defineCommand({
  path: ['file', 'own'],
  summary: 'Lists the files that you uploaded, latest first',
  about: [
    'In all channels, also those that you left; files that were never sent and uploads that were not ended are there, too: they take room.',
  ],
  args: [],
  options: {},
  examples: [
    { line: 'parley file own', says: 'With their ids' },
    { line: 'parley file own --json', says: 'For a program' },
  ],
  async run({ out, hub, world }) {
    const { url, token } = await hub();
    const files = callFiles({ url, token, fetch: world.fetch });
    const items = await everything((cursor) =>
      files('listOwnFiles', { query: { limit: limits.page, ...cursor } }),
    );
    await out.list(
      items,
      ['id', 'since', 'size', 'state', 'name'],
      items.map(({ id, createdAt, size, state, name }) => [
        id,
        shownTime(createdAt),
        shownBytes(size),
        state,
        name,
      ]),
    );
  },
});
