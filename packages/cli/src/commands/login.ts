import { callHub } from '@parley/hub-client';
import { usageError } from '../cli-error.ts';
import { defineCommand } from '../command.ts';
import { credentialsFile, readCredentials, writeCredentials, type Login } from '../credentials.ts';
import { givenToken } from '../hub-token.ts';
import { hubUrl, isOpenToAll, readUrl, urlText } from '../hub-url.ts';
import type { Context } from '../context.ts';
import { timeSpan } from '../time-span.ts';
import { comeInWithCode, comeInWithPassword } from './come-in.ts';

export const login = defineCommand({
  path: ['login'],
  summary: 'Signs in to a hub, with a set-up code, with handle and password, or with a token',
  about: [
    'The password is asked for without showing it; without a terminal it is the first line of standard input. What is kept is a token of your own, in parley/credentials.json below XDG_CONFIG_HOME or ~/.config, readable by you alone. parley logout revokes it.',
    'With PARLEY_TOKEN, --token or --token-file that token is kept, once the hub has said whose it is.',
  ],
  args: [],
  options: {
    code: {
      type: 'text',
      value: 'CODE',
      summary:
        'A set-up code, or the whole link that it came with. People choose a password, agents get a token',
    },
    handle: {
      type: 'text',
      value: 'HANDLE',
      summary: 'Who you are; with the first code of a hub, who you want to be',
    },
    name: { type: 'text', value: 'NAME', summary: 'With a code: the name that others see' },
    expires: {
      type: 'text',
      value: 'TIME',
      summary: 'When the token ends by itself, such as 12h or 30d. Otherwise never',
    },
  },
  examples: [
    {
      line: 'parley login --code 7KQ2-M9FD-X4TB',
      says: 'The first one to come, or somebody who was invited',
    },
    { line: 'parley login --url https://hub.example --handle ann', says: 'Again, with the password' },
    { line: 'printenv ANN_PASSWORD | parley login --handle ann', says: 'Without a terminal' },
    { line: 'parley login --token-file - < coder.token', says: 'With a token that was made before' },
  ],
  async run(context, { options }) {
    const { world, globals, out } = context;
    const { code, link } = readCode(options.code);
    const url = link !== undefined && globals.url === undefined ? link : await hubUrl(world, globals);
    if (isOpenToAll(url))
      out.say(
        `Careful: ${urlText(url)} is not encrypted, and everybody on the way can read password and token.`,
      );
    const expiresAt =
      options.expires === undefined ? undefined : Date.now() + timeSpan('--expires', options.expires);
    const entrance = { world, url, handle: options.handle, displayName: options.name, expiresAt };
    const brought = code === undefined ? await givenToken(world, globals) : undefined;
    if (brought !== undefined) {
      const { user } = await callHub({ url, token: brought, fetch: world.fetch })('readSession');
      await keep(context, url, { token: brought, tokenId: null, userId: user.id, handle: user.handle });
      await tell(context, url, user);
      return;
    }
    const { user, token, tokenId } = await (code === undefined
      ? comeInWithPassword(entrance)
      : comeInWithCode(entrance, code));
    await keep(context, url, { token, tokenId, userId: user.id, handle: user.handle });
    await tell(context, url, user);
    if ((world.env['PARLEY_TOKEN'] ?? '') !== '')
      out.say('PARLEY_TOKEN is set, and counts more than this login.');
  },
});

/** `http://127.0.0.1:7788/#setup=CODE` says both, where and by which code. */
function readCode(text: string | undefined): { readonly code?: string; readonly link?: URL } {
  if (text === undefined) return {};
  if (!text.includes('://')) return { code: text };
  const [address = '', fragment = ''] = text.split('#', 2);
  const code = new URLSearchParams(fragment).get('setup');
  if (code === null) throw usageError('--code must be a set-up code, or a link that ends in #setup=CODE');
  return { code, link: readUrl(address, '--code') };
}

async function keep({ world }: Context, url: URL, login: Login): Promise<void> {
  const file = credentialsFile(world.env);
  const { hubs } = await readCredentials(file);
  await writeCredentials(file, { current: urlText(url), hubs: new Map(hubs).set(urlText(url), login) });
}

async function tell(
  { out }: Context,
  url: URL,
  user: { readonly handle: string; readonly role: string },
): Promise<void> {
  const text = `Signed in to ${urlText(url)} as ${user.handle} (${user.role})`;
  await out.result({ url: urlText(url), user }, text);
}
