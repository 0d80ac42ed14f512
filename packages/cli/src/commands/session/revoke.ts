import { usageError } from '../../cli-error.ts';
import { defineCommand } from '../../command.ts';

export const revokeSession = defineCommand({
  path: ['session', 'revoke'],
  summary: 'Ends a session, or all of them: their connections are closed at once',
  about: ['Tokens stay: parley token revoke ends those.'],
  args: [{ name: 'id', optional: true, summary: 'The id of the session, as parley session list shows it' }],
  options: { all: { type: 'flag', summary: 'All that you have' } },
  examples: [
    { line: 'parley session revoke k6dDkVbYxk2jgLqvzF4Wc0m1rJ8uA5sTn9eHoPiQ3yE', says: 'By its id' },
    { line: 'parley session revoke --all', says: 'Signs you out of every browser' },
  ],
  async run({ out, hub }, { args: { id }, options: { all = false } }) {
    if (all === (id !== undefined))
      throw usageError('give the id of a session, or --all', 'parley session list shows the ids');
    const { call } = await hub();
    if (id === undefined) await call('revokeOtherSessions');
    else await call('revokeSession', { params: { sessionId: id } });
    await out.result({ id: id ?? null, revoked: true });
    out.note(id === undefined ? 'Your sessions have ended.' : 'The session has ended.');
  },
});
