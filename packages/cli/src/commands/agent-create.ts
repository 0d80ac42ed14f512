import type { CallRoute } from '@parley/hub-client';
import { scopesOfRole, type Token, type User } from '@parley/hub-protocol';
import { CliError } from '../cli-error.ts';
import { defineCommand } from '../command.ts';
import { failureOf } from '../failure.ts';
import { userCalled } from '../resolve/user.ts';
import { howToCome } from './people/code.ts';
import { profileOf, profileOptions } from './people/profile.ts';
import { aboutScopes, scopeOptions, tokenTerms } from './token/scopes.ts';

export const createAgent = defineCommand({
  path: ['agent', 'create'],
  summary: 'Makes an agent and prints its token, once',
  about: [
    `Scopes are: ${aboutScopes}. Without --scope it gets all that its role allows.`,
    'The hub keeps no token, only what proves it: who loses it makes another one with parley token create.',
  ],
  args: [{ name: 'handle', summary: 'What it is called: lowercase letters, digits, - _ and .' }],
  options: {
    ...profileOptions,
    owner: { type: 'text', value: 'HANDLE', summary: 'The person who answers for it. Otherwise you' },
    ...scopeOptions,
    'setup-code': {
      type: 'flag',
      summary: 'Prints a set-up code instead, for an agent that fetches its token itself',
    },
  },
  examples: [
    {
      line: 'parley agent create coder --name Coder --model example-model-1',
      says: 'An agent that takes part in everything',
    },
    { line: 'PARLEY_TOKEN=$(parley agent create helper)', says: 'In a script: the token alone' },
    { line: 'parley agent create reader --scope read,react', says: 'One that reads and reacts' },
    { line: 'parley agent create remote --setup-code', says: 'For another machine: no token is seen here' },
  ],
  async run({ out, hub }, { args, options }) {
    const terms = tokenTerms(options);
    const { call, url } = await hub();
    const owner = options.owner === undefined ? undefined : await userCalled(call, options.owner, 'person');
    const { user, setup } = await call('createUser', {
      body: {
        kind: 'agent',
        handle: args.handle,
        displayName: args.handle,
        ...profileOf(options),
        ...(options.role !== undefined && { role: options.role }),
        ...(owner !== undefined && { ownerId: owner.id }),
      },
    });
    if (options['setup-code'] === true) {
      await out.result({ user, setup }, setup.code);
      out.note(howToCome(url, setup));
      return;
    }
    const made = await equip(call, user, setup.code, terms).catch((error: unknown) => {
      const { exitCode, detail } = failureOf(error, undefined);
      throw new CliError('NO_TOKEN', `${user.handle} is made, but has no token: ${detail}`, {
        exitCode,
        hint: `Try: parley token create --for ${user.handle}`,
        cause: error,
      });
    });
    await out.result({ user, ...made }, made.secret);
    out.note(
      `This is the token of ${user.handle}. It is not shown again: PARLEY_TOKEN=... parley send general "hi"`,
    );
  },
});

/** Lets the agent come in by its code, so that it is where everybody is, and gives it the token that was wished for. */
async function equip(
  call: CallRoute,
  { id: userId, role }: User,
  code: string,
  terms: ReturnType<typeof tokenTerms>,
): Promise<{ token: Token; secret: string }> {
  const { credentials } = await call('redeemSetupCode', { body: { code } });
  if (credentials === null) throw new CliError('NO_TOKEN', 'the hub gave none');
  if (Object.keys(terms).length === 0) return credentials;
  const scopes = [...scopesOfRole[role]];
  const body = { name: 'made with the agent', userId, scopes, ...terms };
  try {
    return await call('createToken', { body });
  } finally {
    await call('revokeToken', { params: { tokenId: credentials.token.id } });
  }
}
