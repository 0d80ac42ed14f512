import { defineCommand } from '../../command.ts';
import { userCalled } from '../../resolve/user.ts';
import { shownTime } from '../../times.ts';

export const listSessions = defineCommand({
  path: ['session', 'list'],
  summary: 'Lists where you or somebody else is signed in with a browser, last seen first',
  about: ['The command line keeps a token instead: parley token list shows those.'],
  args: [],
  options: {
    for: { type: 'text', value: 'HANDLE', summary: 'As administrator, those of somebody who stands below' },
  },
  examples: [
    { line: 'parley session list', says: 'Each with its browser and address' },
    { line: 'parley session list --for ann', says: 'Where somebody else is signed in' },
    { line: 'parley session list --json', says: 'For a program' },
  ],
  async run({ out, hub }, { options }) {
    const { call } = await hub();
    const user = options.for === undefined ? undefined : await userCalled(call, options.for);
    const { items } =
      user === undefined
        ? await call('listSessions')
        : await call('listUserSessions', { params: { userId: user.id } });
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
