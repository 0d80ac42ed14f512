import { connectHub, type Hub, type HubOptions, type SocketConstructor } from '@parley/hub-client';
import { until } from '@parley/services';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { hubDatabases, openTestHub, type TestHub, type TestUser } from '../support/hub.ts';

const patience = { timeout: 120_000 };

const open: (() => PromiseLike<void> | void)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).toReversed()) await close();
}, 60_000);

async function clientOf(url: string, token: string, options: Partial<HubOptions> = {}): Promise<Hub> {
  const client = connectHub({ url, token, maxPauseMs: 200, ...options });
  open.push(() => client.close());
  await client.ready;
  return client;
}

/** Sockets that a test can cut. */
function cutting(): { readonly WebSocket: SocketConstructor; readonly cut: () => void } {
  const all = new Set<WebSocket>();
  return {
    WebSocket: class extends WebSocket {
      constructor(url: string) {
        super(url);
        all.add(this);
        this.on('close', () => all.delete(this));
      }
    },
    cut: () => {
      for (const socket of all) socket.terminate();
    },
  };
}

interface World {
  readonly hub: TestHub;
  readonly url: string;
  readonly ada: TestUser;
  readonly coder: TestUser;
  /** A channel in which both are. */
  readonly channelId: string;
  /** What ada sees. */
  readonly hers: Hub;
}

async function worldOn(...given: Parameters<typeof openTestHub>): Promise<World> {
  const hub = await openTestHub(...given);
  open.push(() => hub[Symbol.asyncDispose]());
  const url = await hub.hub.listen();
  const [ada, coder] = [await hub.user('ada', { role: 'admin' }), await hub.user('coder', { kind: 'agent' })];
  const hers = await clientOf(url, ada.token);
  const { id: channelId } = await hers.call('createChannel', { body: { kind: 'private', name: 'lab' } });
  await hers.call('putMember', { params: { channelId, userId: coder.id }, body: {} });
  hers.watch(channelId);
  return { hub, url, ada, coder, channelId, hers };
}

/** Whether something was so at any moment since, however short. */
function ever(client: Hub, is: () => boolean): () => boolean {
  let was = false;
  client.subscribe(() => (was ||= is()));
  return () => was;
}

const statusOf = (client: Hub, channelId: string, { id }: TestUser): string | undefined =>
  client.snapshot().rosters.get(channelId)?.members.get(id)?.status;

const typing = (client: Hub, channelId: string): string[] =>
  (client.snapshot().rosters.get(channelId)?.typing ?? []).map(({ userId }) => userId);

describe.each(hubDatabases)('who is here, by a client of a hub on %s', (kind) => {
  it('is whoever is connected, as they are seen, and who types', patience, async () => {
    const { url, ada, coder, channelId, hers } = await worldOn(kind);
    await until(() => statusOf(hers, channelId, ada) === 'online', { what: 'ada is here' });
    expect(statusOf(hers, channelId, coder)).toBeUndefined();
    const its = await clientOf(url, coder.token);
    await until(() => statusOf(hers, channelId, coder) === 'online', { what: 'the agent came' });
    its.setActivity('away');
    await until(() => statusOf(hers, channelId, coder) === 'away', { what: 'it is away' });
    await its.call('setStatus', { body: { availability: 'dnd', customStatus: 'Thinking', emoji: '🤔' } });
    await until(() => statusOf(hers, channelId, coder) === 'dnd', { what: 'it is not to be disturbed' });
    expect(hers.snapshot().rosters.get(channelId)?.members.get(coder.id)).toMatchObject({
      customStatus: 'Thinking',
      emoji: '🤔',
    });

    its.typing(channelId, 'start');
    await until(() => typing(hers, channelId).includes(coder.id), { what: 'it types' });
    await its.send(channelId, { content: 'done' }).message;
    await until(() => typing(hers, channelId).length === 0, { what: 'it has ceased to type' });
    hers.typing(channelId, 'start');
    its.typing(channelId, 'start');
    await until(() => typing(hers, channelId).length > 0, { what: 'it types again' });
    expect(typing(hers, channelId)).toEqual([coder.id]);

    its.close();
    await until(() => statusOf(hers, channelId, coder) === undefined, { what: 'the agent went' });
    await until(() => typing(hers, channelId).length === 0, { what: 'it types no more' });
    expect(hers.snapshot().rosters.get(channelId)).toMatchObject({ users: 1, complete: true, stale: false });
  });

  it('is the same after a connection was lost, and who lost it was never away', patience, async () => {
    const { url, coder, channelId, hers } = await worldOn(kind);
    const { WebSocket, cut } = cutting();
    const its = await clientOf(url, coder.token, { WebSocket });
    its.watch(channelId);
    await until(() => its.snapshot().rosters.get(channelId)?.users === 2, { what: 'both are here' });
    await until(() => statusOf(hers, channelId, coder) === 'online', { what: 'the agent is seen' });
    its.setActivity('away');
    await until(() => statusOf(hers, channelId, coder) === 'away', { what: 'it is away' });
    const left: string[] = [];
    hers.on('channel.presence', ({ presence }) => {
      if (presence.status === 'offline') left.push(presence.userId);
    });
    const wasStale = ever(its, () => its.snapshot().rosters.get(channelId)?.stale === true);
    cut();
    await until(wasStale, { what: 'it is cut off' });
    await until(() => its.snapshot().rosters.get(channelId)?.stale === false, { what: 'it sees again' });
    await until(() => statusOf(hers, channelId, coder) === 'away', { what: 'it is still away' });
    // Heard in order: what is told of it before this is told before.
    its.typing(channelId, 'start');
    await until(() => typing(hers, channelId).includes(coder.id), { what: 'it is heard' });
    expect(left).toEqual([]);
  });

  it('and which agents are at work, with what they say of themselves', patience, async () => {
    const { url, coder, hers } = await worldOn(kind);
    hers.watchAgents();
    await until(() => hers.snapshot().agents !== undefined, { what: 'the agents are told' });
    const seen = () => hers.snapshot().agents?.members.get(coder.id);
    expect(seen()?.online ?? false).toBe(false);
    const { WebSocket, cut } = cutting();
    const its = await clientOf(url, coder.token, { WebSocket });
    its.agent({ capabilities: ['review'], load: 0.5 });
    its.agent({ load: 0.75 });
    await until(() => seen()?.online === true && seen()?.load === 0.75, { what: 'it is at work' });
    expect(seen()?.capabilities).toEqual(['review']);
    const wasLost = ever(its, () => its.snapshot().connection.phase !== 'live');
    cut();
    await until(wasLost, { what: 'it is cut off' });
    await until(() => its.snapshot().connection.phase === 'live', { what: 'it is back' });
    its.agent({ load: 0.25 });
    await until(() => seen()?.load === 0.25, { what: 'it is heard again' });
    expect(seen()).toMatchObject({ online: true, capabilities: ['review'] });
    const { items } = await hers.call('listAgents', { query: { capability: 'review', online: true } });
    expect(items.map(({ userId }) => userId)).toEqual([coder.id]);
    its.close();
    await until(() => seen()?.online !== true, { what: 'it went' });
  });
});
