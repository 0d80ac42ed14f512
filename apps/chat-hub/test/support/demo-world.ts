import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLogger } from '@parley/cache-core/kernel';
import { callHub, type CallRoute } from '@parley/hub-client';
import type { Channel, Message } from '@parley/hub-protocol';
import type { BrowserContextOptions } from 'playwright-core';
import { openDemo } from '../../src/demo/open-demo.ts';
import { openTestHub, type HubDatabase } from './hub.ts';
import { openBrowsers, type Browsers, type Visitor } from './pages.ts';

/** What is in the demo, and where. */
export interface Scenery {
  readonly channel: (name: string) => Channel;
  readonly messages: (channel: string) => readonly Message[];
  /** The message of a channel that has the most replies. */
  readonly thread: (channel: string) => string;
}

/** A hub with the demo in it, which stands still behind its prologue, and a browser before it. */
export interface DemoWorld extends AsyncDisposable {
  readonly url: string;
  readonly browsers: Browsers;
  readonly scenery: Scenery;
  /** Any route, as the one who owns it. */
  readonly call: CallRoute;
  /** A page of theirs. */
  readonly enter: (hash: string, options?: BrowserContextOptions) => Promise<Visitor>;
}

const handle = 'ada';
const password = 'correct horse battery';

export async function openDemoWorld(kind: HubDatabase = 'embedded'): Promise<DemoWorld> {
  const files = await mkdtemp(join(tmpdir(), 'parley-demo-world-'));
  await using opened = new AsyncDisposableStack();
  opened.defer(() => rm(files, { recursive: true, force: true }));
  const world = opened.use(await openTestHub(kind, { env: { HUB_NAME: 'Parley demo', HUB_FILES: files } }));
  const url = await world.hub.listen();
  const demo = await openDemo(world.hub, { url, logger: silentLogger, scenes: false, pace: 0 });
  opened.defer(demo.close);
  const body = { code: world.hub.setup?.code ?? '', handle, displayName: 'Ada', password };
  const { user } = await callHub({ url })('redeemSetupCode', { body });
  const call = callHub({ url, token: await world.token(user.id) });
  const scenery = await look(call);
  const browsers = opened.use(await openBrowsers());
  const all = opened.move();
  return {
    url,
    browsers,
    scenery,
    call,
    enter: (hash, options) => browsers.enter(url, { handle, password, hash }, options),
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };
}

async function look(call: CallRoute): Promise<Scenery> {
  const { items } = await call('listChannels', { query: { limit: 100 } });
  const rooms = new Map<string, { channel: Channel; messages: readonly Message[] }>();
  for (const channel of items) {
    if (channel.name === null) continue;
    const page = await call('listMessages', { params: { channelId: channel.id }, query: { limit: 100 } });
    rooms.set(channel.name, { channel, messages: page.items });
  }
  const room = (name: string) => {
    const found = rooms.get(name);
    if (found === undefined) throw new Error(`the demo has no channel ${name}`);
    return found;
  };
  const replies = ({ thread }: Message): number => thread?.replies ?? 0;
  return {
    channel: (name) => room(name).channel,
    messages: (name) => room(name).messages,
    thread(name) {
      const [most] = room(name).messages.toSorted((a, b) => replies(b) - replies(a));
      return most?.id ?? '';
    },
  };
}
