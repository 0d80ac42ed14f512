import { defineCommand } from '../command.ts';
import { userCalled } from '../resolve/user.ts';
import { CliError } from '../cli-error.ts';
import { failureOf } from '../failure.ts';
import { howToCome } from './people/code.ts';
import { profileOf, profileOptions } from './people/profile.ts';
import { aboutScopes, scopeOptions, tokenTerms } from './token/scopes.ts';

export const createAgent = defineCommand({
  path: ['agent', 'create'],
  summary: 'Makes an agent and prints its token, once',
  about: [
    `Scopes are: ${aboutScopes}.`,
    'The hub keeps no token, only what proves it: who loses it makes another one with parley token create.',
  ],
  args: [{ name: 'handle', summary: 'What it is called: lowercase letters, digits, - _ and .' }],
  options: {
    ...profileOptions,
    owner: { type: 'text', value: 'HANDLE', summary: 'The person who answers for it. Otherwise you' },
    ...scopeOptions,
    code: {
      type: 'flag',
      summary: 'Prints a set-up code instead, for an agent that fetches its token itself',
    },
  },
  examples: [
    { line: 'parley agent create coder --name Coder --model example-model-1', says: 'An agent that talks' },
    { line: 'export PARLEY_TOKEN=$(parley agent create coder)', says: 'In a script: the token alone' },
    {
      line: 'parley agent create keeper --scope read,write,react,manage',
      says: 'One that makes channels, too',
    },
    { line: 'parley agent create remote --code', says: 'For another machine: no token is seen here' },
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
    if (options.code === true) {
      await out.result({ user, setup }, setup.code);
      out.note(howToCome(url, setup));
      return;
    }
    const made = await call('createToken', {
      body: { name: 'made with the agent', userId: user.id, ...terms },
    }).catch((error: unknown) => {
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
