import { scryptSync } from 'node:crypto';
import { connectHub, type Hub } from '@parley/hub-client';
import { callHubAsAdmin, type CallAnyRoute } from '@parley/hub-client/admin';
import type { Role } from '@parley/hub-protocol';
import type { BrowserContextOptions } from 'playwright-core';
import { openTestHub, type TestHub, type TestHubOptions, type TestUser } from './hub.ts';
import { openBrowsers, type Browsers, type Visitor } from './pages.ts';

export interface Somebody extends TestUser {
  readonly password: string;
  /** Any route, in their name. */
  readonly call: CallAnyRoute;
  /** A connection of theirs, on which many things are said without waiting for each. */
  readonly connect: () => Hub;
}

/** A running hub with an owner, and a browser to look at it. */
export interface WebWorld extends AsyncDisposable {
  readonly world: TestHub;
  readonly url: string;
  readonly browsers: Browsers;
  readonly owner: Somebody;
  readonly person: (handle: string, role?: Role) => Promise<Somebody>;
  readonly agent: (handle: string) => Promise<Somebody>;
  /** A channel of the owner with these in it; its id. */
  readonly channel: (
    name: string,
    members?: readonly TestUser[],
    kind?: 'public' | 'private',
  ) => Promise<string>;
  /** Somebody signed in before a page: `hash` is where in the workspace. */
  readonly enter: (who: Somebody, hash?: string, options?: BrowserContextOptions) => Promise<Visitor>;
}

const password = 'correct horse battery';
/** Its hash costs little: people sign in at every step here, and what a good one costs is tried where passwords are. */
const cheapHash = [
  'scrypt',
  1_024,
  8,
  1,
  '',
  scryptSync(password, '', 32, { N: 1_024 }).toString('base64url'),
].join('$');

/**
 * On the server that the whole run shares. To open an embedded database takes the thread of this process for seconds, which is that of the
 * hub and of the test, too; the pages do not know which of them there is.
 */
export async function openWebWorld(options?: TestHubOptions): Promise<WebWorld> {
  const browsers = await openBrowsers();
  const world = await openTestHub('postgres', options).catch(async (error: unknown) => {
    await browsers[Symbol.asyncDispose]();
    throw error;
  });
  const url = await world.hub.listen();
  const somebody = async (handle: string, role: Role, kind: 'person' | 'agent'): Promise<Somebody> => {
    const user = await world.user(handle, { role, kind });
    if (kind === 'person') {
      const set = { password: cheapHash };
      await world.tables().updateTable('users').set(set).where('id', '=', user.id).execute();
    }
    const access = { url, token: user.token };
    return { ...user, password, call: callHubAsAdmin(access), connect: () => connectHub(access) };
  };
  const owner = await somebody('ann', 'owner', 'person');
  return {
    world,
    url,
    browsers,
    owner,
    person: (handle, role = 'member') => somebody(handle, role, 'person'),
    agent: (handle) => somebody(handle, 'member', 'agent'),
    async channel(name, members = [], kind = 'public') {
      const body = { kind, name, members: members.map(({ id }) => id) };
      return (await owner.call('createChannel', { body })).id;
    },
    enter: ({ handle }, hash, options) => browsers.enter(url, { handle, password, hash }, options),
    async [Symbol.asyncDispose]() {
      await browsers[Symbol.asyncDispose]();
      await world[Symbol.asyncDispose]();
    },
  };
}
