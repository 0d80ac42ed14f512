import { callHubAsAdmin, type CallAnyRoute } from '@parley/hub-client/admin';
import type { Role } from '@parley/hub-protocol';
import type { BrowserContextOptions } from 'playwright-core';
import { hashPassword } from '../../src/access/password.ts';
import { openTestHub, type HubDatabase, type TestHub, type TestHubOptions, type TestUser } from './hub.ts';
import { openBrowsers, type Browsers, type Visitor } from './pages.ts';

export interface Somebody extends TestUser {
  readonly password: string;
  /** Any route, in their name. */
  readonly call: CallAnyRoute;
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
let hash: Promise<string> | undefined;

export async function openWebWorld(
  kind: HubDatabase = 'embedded',
  options?: TestHubOptions,
): Promise<WebWorld> {
  const world = await openTestHub(kind, options);
  const browsers = await openBrowsers().catch(async (error: unknown) => {
    await world[Symbol.asyncDispose]();
    throw error;
  });
  const url = await world.hub.listen();
  const somebody = async (handle: string, role: Role, kind: 'person' | 'agent'): Promise<Somebody> => {
    const user = await world.user(handle, { role, kind });
    if (kind === 'person') {
      hash ??= hashPassword(password);
      const set = { password: await hash };
      await world.tables().updateTable('users').set(set).where('id', '=', user.id).execute();
    }
    return { ...user, password, call: callHubAsAdmin({ url, token: user.token }) };
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
