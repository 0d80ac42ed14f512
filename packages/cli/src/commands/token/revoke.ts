import { usageError } from '../../cli-error.ts';
import { defineCommand } from '../../command.ts';
import { userCalled } from '../../resolve/user.ts';

export const revokeToken = defineCommand({
  path: ['token', 'revoke'],
  summary: 'Ends a token, or all of somebody: their connections are closed at once',
  args: [{ name: 'id', optional: true, summary: 'The id of the token, as parley token list shows it' }],
  options: {
    all: { type: 'flag', summary: 'All of them; of your own, all but the one that this is asked by' },
    for: {
      type: 'text',
      value: 'HANDLE',
      summary: 'With --all: of an agent of yours, or as administrator of anybody',
    },
  },
  examples: [
    { line: 'parley token revoke 01984f6e-7c1a-7b02-9f7e-3a1d5c2b8e90', says: 'By its id' },
    { line: 'parley token revoke --all --for coder', says: 'An agent whose tokens are in wrong hands' },
  ],
  async run({ out, hub }, { args: { id }, options: { all = false, for: whose } }) {
    if (all === (id !== undefined) || (whose !== undefined && !all))
      throw usageError('give the id of a token, or --all', 'parley token list shows the ids');
    const { call } = await hub();
    if (id !== undefined) {
      await call('revokeToken', { params: { tokenId: id } });
      await out.result({ id, revoked: true });
      out.note('The token has ended.');
      return;
    }
    const { id: userId, handle } = whose === undefined ? await call('readMe') : await userCalled(call, whose);
    const { revoked } = await call('revokeUserTokens', { params: { userId } });
    await out.result({ userId, revoked });
    out.note(`${revoked} tokens of ${handle} have ended.`);
  },
});
