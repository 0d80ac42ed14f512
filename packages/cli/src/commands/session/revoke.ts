import { usageError } from '../../cli-error.ts';
import { defineCommand } from '../../command.ts';
import { userCalled } from '../../resolve/user.ts';

export const revokeSession = defineCommand({
  path: ['session', 'revoke'],
  summary: 'Ends a session, or all of them: their connections are closed at once',
  about: ['Tokens stay: parley token revoke ends those.'],
  args: [{ name: 'id', optional: true, summary: 'The id of the session, as parley session list shows it' }],
  options: {
    all: { type: 'flag', summary: 'All of them' },
    for: { type: 'text', value: 'HANDLE', summary: 'As administrator, of somebody who stands below' },
  },
  examples: [
    { line: 'parley session revoke k6dDkVbYxk2jgLqvzF4Wc0m1rJ8uA5sTn9eHoPiQ3yE', says: 'By its id' },
    { line: 'parley session revoke --all', says: 'Signs you out of every browser' },
    { line: 'parley session revoke --all --for ann', says: 'Signs somebody else out everywhere' },
  ],
  async run({ out, hub }, { args: { id }, options: { all = false, for: whose } }) {
    if (all === (id !== undefined))
      throw usageError('give the id of a session, or --all', 'parley session list shows the ids');
    const { call } = await hub();
    const user = whose === undefined ? undefined : await userCalled(call, whose);
    if (user === undefined) {
      if (id === undefined) await call('revokeOtherSessions');
      else await call('revokeSession', { params: { sessionId: id } });
    } else if (id === undefined) await call('revokeUserSessions', { params: { userId: user.id } });
    else await call('revokeUserSession', { params: { userId: user.id, sessionId: id } });
    await out.result({ id: id ?? null, revoked: true });
    const owner = user === undefined ? 'Your' : `${user.handle}'s`;
    out.note(id === undefined ? `${owner} sessions have ended.` : 'The session has ended.');
  },
});
