import { limits } from '@parley/hub-protocol';
import { defineCommand } from '../../command.ts';
import { everything } from '../../resolve/everything.ts';
import { userCalled } from '../../resolve/user.ts';
import { shownTime } from '../../times.ts';

export const listTokens = defineCommand({
  path: ['token', 'list'],
  summary: 'Lists tokens, without their secrets',
  args: [],
  options: {
    for: {
      type: 'text',
      value: 'HANDLE',
      summary: 'Those of an agent of yours, or as administrator of anybody',
    },
    revoked: { type: 'flag', summary: 'Also those that have ended' },
  },
  examples: [
    { line: 'parley token list', says: 'Your own' },
    { line: 'parley token list --for coder --json', says: 'Those of an agent, for a program' },
  ],
  async run({ out, hub }, { options }) {
    const { call } = await hub();
    const user = options.for === undefined ? undefined : await userCalled(call, options.for);
    const query = { limit: limits.page, ...(user !== undefined && { userId: user.id }) };
    const all = await everything((cursor) => call('listTokens', { query: { ...query, ...cursor } }));
    const now = Date.now();
    const ended = ({ revokedAt, expiresAt }: (typeof all)[number]): boolean =>
      revokedAt !== null || (expiresAt !== null && expiresAt <= now);
    const tokens = options.revoked === true ? all : all.filter((token) => !ended(token));
    const time = (ms: number | null): string => (ms === null ? '-' : shownTime(ms));
    await out.list(
      tokens,
      ['id', 'name', 'may', 'used', 'until'],
      tokens.map((token) => [
        token.id,
        token.name,
        token.scopes.join(','),
        time(token.lastUsedAt),
        time(token.revokedAt ?? token.expiresAt),
      ]),
    );
  },
});
