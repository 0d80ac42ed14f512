import { defineCommand } from '../../command.ts';
import { shownTime } from '../../times.ts';

export const listSessions = defineCommand({
  path: ['session', 'list'],
  summary: 'Lists where you are signed in with a browser, last seen first',
  about: ['The command line keeps a token instead: parley token list shows those.'],
  args: [],
  options: {},
  examples: [
    { line: 'parley session list', says: 'Each with its browser and address' },
    { line: 'parley session list --json', says: 'For a program' },
  ],
  async run({ out, hub }) {
    const { call } = await hub();
    const { items } = await call('listSessions');
    await out.list(
      items,
      ['id', 'seen', 'since', 'from', 'browser'],
      items.map(({ id, lastSeenAt, createdAt, address, userAgent }) => [
        id,
        shownTime(lastSeenAt),
        shownTime(createdAt),
        address ?? '-',
        userAgent ?? '-',
      ]),
    );
  },
});
