import { connectHub, type Hub, type HubOptions, type SocketConstructor } from '@parley/hub-client';
import { streamMessage } from '@parley/hub-client/streams';
import { until } from '@parley/services';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { faultyBus } from '../support/faulty-bus.ts';
import { hubDatabases, openTestHub, type TestHub } from '../support/hub.ts';

const open: (() => PromiseLike<void> | void)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).toReversed()) await close();
});

async function hubOn(...given: Parameters<typeof openTestHub>): Promise<{ hub: TestHub; url: string }> {
  const hub = await openTestHub(...given);
  open.push(() => hub[Symbol.asyncDispose]());
  return { hub, url: await hub.hub.listen() };
}

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

const contents = (client: Hub, channelId: string): string[] =>
  (client.snapshot().channels.get(channelId)?.messages ?? []).map(({ content }) => content);

describe.each(hubDatabases)('the client with a hub on %s', (kind) => {
  it(
    'shows what the hub has: messages, threads, reactions, members, what is unread',
    { timeout: 60_000 },
    async () => {
      const { hub, url } = await hubOn(kind);
      const [ada, coder] = [
        await hub.user('ada', { role: 'admin' }),
        await hub.user('coder', { kind: 'agent' }),
      ];
      const [hers, its] = [await clientOf(url, ada.token), await clientOf(url, coder.token)];
      const { id } = await hers.call('createChannel', { body: { kind: 'private', name: 'lab' } });
      await hers.call('putMember', { params: { channelId: id, userId: coder.id }, body: {} });
      const shown = () => its.snapshot().channels.get(id);
      await until(() => shown() !== undefined, { what: 'the agent is in the channel' });
      const root = await hers.send(id, { content: 'hello @coder' }).message;
      await until(() => shown()?.reading.mentions === 1, { what: 'the mention came' });
      await hers.call('addReaction', { params: { channelId: id, messageId: root.id, emoji: 'yes' } });
      const stream = streamMessage(its, id, { replyTo: root.id });
      for (const text of ['On', ' my', ' way']) stream.append(text);
      await until(() => contents(hers, id).at(-1) === 'On my way', { what: 'the text grew' });
      await stream.finish();
      await its.send(id, { content: 'a reply', threadId: root.id }).message;
      const page = await hers.call('listMessages', { params: { channelId: id } });
      for (const client of [hers, its]) {
        await until(() => client.snapshot().channels.get(id)?.position === page.seq, {
          what: 'all was applied',
        });
        await client.loadOlder(id);
        await client.loadMembers(id);
        expect(client.snapshot().channels.get(id)?.messages).toEqual(page.items);
        expect(client.snapshot().channels.get(id)?.threads.get(root.id)?.messages).toHaveLength(1);
        expect([...(client.snapshot().channels.get(id)?.members?.keys() ?? [])]).toHaveLength(2);
      }
      its.markRead(id);
      const unread = async () =>
        (await its.call('listUnreads')).items.find(({ channelId }) => channelId === id);
      await until(async () => (await unread())?.unread === 0, { what: 'the hub knows that it is read' });
      await hers.call('deleteMember', { params: { channelId: id, userId: coder.id } });
      await until(() => shown() === undefined, { what: 'the channel is gone' });
    },
  );
});

describe('the client with two nodes whose bus loses, repeats and swaps', () => {
  it('loses, doubles and disorders nothing while connections are cut', { timeout: 60_000 }, async () => {
    const bus = faultyBus(1);
    const { hub, url } = await hubOn('postgres', { wrapBus: bus.wrap });
    const other = await (await hub.another()).listen();
    const [ada, bob] = [await hub.user('ada', { role: 'admin' }), await hub.user('bob')];
    const sockets = cutting();
    const [first, second] = [
      await clientOf(url, ada.token, sockets),
      await clientOf(other, bob.token, sockets),
    ];
    const { id } = await first.call('createChannel', {
      body: { kind: 'public', name: 'lab', members: [bob.id] },
    });
    await until(() => [first, second].every((client) => client.snapshot().channels.has(id)), {
      what: 'both are in the channel',
    });
    // The coming of members may have been told to one of them and not yet to the other.
    const told = [first, second].map((client) => {
      const numbers: number[] = [];
      client.on('event', (_, { channelId, seq }) => {
        if (channelId === id && seq !== undefined) numbers.push(seq);
      });
      return { from: client.snapshot().channels.get(id)?.position ?? 0, numbers };
    });
    for (let round = 0; round < 4; round += 1) {
      const sent = Array.from({ length: 15 }, (_, i) => [
        first.send(id, { content: `ada ${round * 15 + i}` }).message,
        second.send(id, { content: `bob ${round * 15 + i}` }).message,
      ]).flat();
      await Promise.race(sent);
      sockets.cut();
      await Promise.all(sent);
    }
    const page = await first.call('listMessages', { params: { channelId: id }, query: { limit: 200 } });
    for (const [at, client] of [first, second].entries()) {
      await until(() => client.snapshot().channels.get(id)?.position === page.seq, {
        what: 'all was applied',
        deadline: 30_000,
      });
      expect(client.snapshot().channels.get(id)?.messages).toEqual(page.items);
      const { from, numbers } = told[at] ?? { from: 0, numbers: [] };
      expect(numbers).toEqual(Array.from({ length: page.seq - from }, (_, i) => from + 1 + i));
    }
    expect(bus.faults().dropped).toBeGreaterThan(0);
    for (const name of ['ada', 'bob'])
      expect(contents(first, id).filter((content) => content.startsWith(name))).toEqual(
        Array.from({ length: 60 }, (_, i) => `${name} ${i}`),
      );
  });
});
