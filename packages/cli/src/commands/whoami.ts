import { defineCommand } from '../command.ts';
import { facts } from '../facts.ts';
import { urlText } from '../hub-url.ts';
import { shownTime } from '../times.ts';

export const whoami = defineCommand({
  path: ['whoami'],
  summary: 'Tells who you are at the hub, and what you may do there',
  args: [],
  options: {},
  examples: [
    { line: 'parley whoami', says: 'Who is signed in' },
    { line: 'parley whoami --token-file coder.token --json', says: 'Whose token it is, for a program' },
  ],
  async run({ out, hub }) {
    const { url, call } = await hub();
    const me = await call('readSession');
    const { user, scopes, expiresAt } = me;
    await out.result(
      { url: urlText(url), ...me },
      facts([
        ['hub', urlText(url)],
        ['handle', user.handle],
        ['name', user.displayName],
        ['kind', user.kind],
        ['role', user.role],
        ['may', scopes.join(', ')],
        ['until', expiresAt === null ? undefined : shownTime(expiresAt)],
      ]),
    );
  },
});
