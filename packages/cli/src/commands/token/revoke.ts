import { defineCommand } from '../../command.ts';

export const revokeToken = defineCommand({
  path: ['token', 'revoke'],
  summary: 'Ends a token: its connections are closed at once',
  args: [{ name: 'id', summary: 'The id of the token, as parley token list shows it' }],
  options: {},
  examples: [{ line: 'parley token revoke 01984f6e-7c1a-7b02-9f7e-3a1d5c2b8e90', says: 'By its id' }],
  async run({ out, hub }, { args }) {
    const { call } = await hub();
    await call('revokeToken', { params: { tokenId: args.id } });
    await out.result({ id: args.id, revoked: true });
    out.note('The token has ended.');
  },
});
