import { limits, type Scope } from '@parley/hub-protocol';
import { defineCommand } from '../../command.ts';
import { userCalled } from '../../resolve/user.ts';
import { aboutScopes, scopeOptions, tokenTerms } from './scopes.ts';

/** Talking, and nothing that changes the workspace. */
const usual: Scope[] = ['read', 'write', 'react'];

export const createToken = defineCommand({
  path: ['token', 'create'],
  summary: 'Makes a token and prints it, once',
  about: [
    `Scopes are: ${aboutScopes}. Without --scope: ${usual.join(', ')}. A token can do no more than its user may, and no more than you may.`,
  ],
  args: [],
  options: {
    for: {
      type: 'text',
      value: 'HANDLE',
      summary: 'For an agent of yours, or as administrator for anybody. Otherwise for you',
    },
    name: { type: 'text', value: 'NAME', summary: 'What it is for, so that you know it again' },
    ...scopeOptions,
  },
  examples: [
    { line: 'parley token create --for coder --name "build server"', says: 'Another one for an agent' },
    { line: 'parley token create --scope read --expires 7d', says: 'For yourself: reads, for a week' },
  ],
  async run({ out, hub }, { options }) {
    const terms = tokenTerms(options);
    const { call } = await hub();
    const user = options.for === undefined ? undefined : await userCalled(call, options.for);
    const made = await call('createToken', {
      body: {
        name: (options.name ?? 'made with parley').slice(0, limits.displayName),
        ...(user !== undefined && { userId: user.id }),
        scopes: usual,
        ...terms,
      },
    });
    await out.result(made, made.secret);
    out.note(`It is not shown again. To end it: parley token revoke ${made.token.id}`);
  },
});
