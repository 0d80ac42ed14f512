import { hostname } from 'node:os';
import { callHub, type CallRoute } from '@parley/hub-client';
import { isHubError, limits, scopes, type Scope, type User } from '@parley/hub-protocol';
import type { RouteReply } from '@parley/hub-protocol/rest';
import { CliError, usageError } from '../cli-error.ts';
import { exitCodes } from '../exit-codes.ts';
import { ask, askSecret } from '../prompt.ts';
import type { World } from '../world.ts';
import { cookieFetch } from './cookie-fetch.ts';

export interface Entrance {
  readonly world: World;
  readonly url: URL;
  readonly handle: string | undefined;
  readonly displayName: string | undefined;
  readonly expiresAt: number | undefined;
}

/** Somebody who came in, with the token that was made for it. */
export interface CameIn {
  readonly user: User;
  readonly token: string;
  readonly tokenId: string;
}

type Redeemed = RouteReply<'redeemSetupCode'>;

/** With a set-up code: a person chooses a password, an agent gets its token at once. */
export async function comeInWithCode(entrance: Entrance, code: string): Promise<CameIn> {
  const { world, displayName } = entrance;
  const call = asBrowser(entrance);
  const body = { code, ...(displayName !== undefined && { displayName }) };
  let redeemed: Redeemed;
  try {
    // An agent needs no password; a person is told so, and the code stays good.
    redeemed = await call('redeemSetupCode', { body });
  } catch (error) {
    if (isHubError(error, 'WRONG_CREDENTIALS')) throw spentCode(error);
    if (!isHubError(error, 'INVALID') || error.field !== 'password') throw error;
    const handle = entrance.handle ?? (await askHandle(world));
    const password = await choosePassword(world);
    redeemed = await redeemAs(call, { ...body, password }, handle, entrance.handle !== undefined);
  }
  const { user, credentials } = redeemed;
  if (credentials !== null) return { user, token: credentials.secret, tokenId: credentials.token.id };
  return tokenFor(entrance, call, user);
}

/** With handle and password. */
export async function comeInWithPassword(entrance: Entrance): Promise<CameIn> {
  const { world } = entrance;
  const call = asBrowser(entrance);
  const handle = entrance.handle ?? (world.stdin.isTTY === true ? await ask(world, 'Handle: ') : undefined);
  if (handle === undefined || handle.trim() === '')
    throw usageError(
      'who is it? parley login --handle HANDLE',
      'Or with a set-up code: parley login --code CODE',
    );
  const password = await askSecret(world, 'Password: ');
  const { user } = await call('createSession', { body: { handle, password } });
  return tokenFor(entrance, call, user);
}

function asBrowser({ url, world }: Entrance): CallRoute {
  return callHub({ url, fetch: cookieFetch(world.fetch) });
}

function askHandle(world: World): Promise<string | undefined> {
  if (world.stdin.isTTY !== true) return Promise.resolve(undefined);
  return ask(world, 'Handle (lowercase letters and digits; empty keeps the one that was chosen for you): ');
}

async function choosePassword(world: World): Promise<string> {
  const password = await askSecret(world, `Choose a password (at least ${limits.passwordMin} characters): `);
  if (Array.from(password).length < limits.passwordMin)
    throw usageError(
      `the password must have at least ${limits.passwordMin} characters`,
      'The code is still good',
    );
  if (world.stdin.isTTY === true && (await askSecret(world, 'Once more: ')) !== password)
    throw usageError('the two passwords differ', 'Nothing was done, and the code is still good');
  return password;
}

/** Only the first owner chooses a handle. Who was asked for one without need goes on without. */
async function redeemAs(
  call: CallRoute,
  body: { readonly code: string; readonly password: string; readonly displayName?: string },
  handle: string | undefined,
  insists: boolean,
): Promise<Redeemed> {
  const chosen = handle?.trim() ?? '';
  if (chosen === '') return call('redeemSetupCode', { body });
  try {
    return await call('redeemSetupCode', { body: { ...body, handle: chosen } });
  } catch (error) {
    const given =
      isHubError(error, 'INVALID') && error.field === 'handle' && error.message.includes('first owner');
    if (!given || insists) throw error;
    return call('redeemSetupCode', { body });
  }
}

/** The session of a browser ends when it is not used for a day: the command line keeps a token instead. */
async function tokenFor({ expiresAt }: Entrance, call: CallRoute, user: User): Promise<CameIn> {
  try {
    const me = await call('readSession');
    const { token, secret } = await call('createToken', {
      body: {
        name: `parley on ${hostname()}`.slice(0, limits.displayName),
        scopes: scopes.filter((scope: Scope) => me.scopes.includes(scope)),
        ...(expiresAt !== undefined && { expiresAt }),
      },
    });
    return { user, token: secret, tokenId: token.id };
  } catch (error) {
    if (!isHubError(error, 'FORBIDDEN')) throw error;
    throw new CliError('NO_TOKENS', `${user.handle} is ${user.role} here and may make no token`, {
      exitCode: exitCodes.notAllowed,
      hint: `Ask an administrator for one (parley token create --for ${user.handle} --scope read), then: parley login --token-file -`,
      cause: error,
    });
  } finally {
    await call('deleteSession').catch(() => undefined);
  }
}

function spentCode(cause: unknown): CliError {
  return new CliError(
    'WRONG_CREDENTIALS',
    'the set-up code is wrong, was used, or is older than ten minutes',
    {
      exitCode: exitCodes.notAllowed,
      hint: 'Ask for another one. The first one of a hub is said where it was started',
      cause,
    },
  );
}
