import { connectHub, type Hub, type HubOptions } from '@parley/hub-client';
import { until } from '@parley/services';
import { afterEach, describe, expect, it } from 'vitest';
import { openTestHub } from '../support/hub.ts';

const open: (() => PromiseLike<void> | void)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).toReversed()) await close();
});

function clientOf(url: string, token: HubOptions['token'], options: Partial<HubOptions> = {}): Hub {
  const client = connectHub({ url, token, maxPauseMs: 200, ...options });
  open.push(() => client.close());
  return client;
}

const contents = (client: Hub, channelId: string): string[] =>
  (client.snapshot().channels.get(channelId)?.messages ?? []).map(({ content }) => content);

describe('a client whose token is revoked', () => {
  it('is told so at once, and goes on with another one where it was', { timeout: 60_000 }, async () => {
    const hub = await openTestHub('embedded');
    open.push(() => hub[Symbol.asyncDispose]());
    const url = await hub.hub.listen();
    const [ada, bob] = [await hub.user('ada', { role: 'admin' }), await hub.user('bob')];
    let { token } = bob;
    const [first, second] = [clientOf(url, ada.token), clientOf(url, () => token)];
    await Promise.all([first.ready, second.ready]);
    const { id } = await first.call('createChannel', {
      body: { kind: 'private', name: 'lab', members: [bob.id] },
    });
    await until(() => second.snapshot().channels.has(id), { what: 'bob is in the channel' });
    const { items } = await second.call('listTokens');
    await second.call('revokeToken', { params: { tokenId: items[0]?.id ?? '' } });
    await until(() => second.snapshot().connection.phase === 'closed', { what: 'the connection has ended' });
    expect(second.snapshot().connection).toMatchObject({
      reason: 'sign-in',
      error: { code: 'UNAUTHENTICATED' },
    });
    await expect(second.call('readMe')).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    await expect(clientOf(url, token).ready).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });

    const { message } = second.send(id, { content: 'written meanwhile' });
    await first.send(id, { content: 'missed' }).message;
    token = await hub.token(bob.id);
    second.connect();
    await message;
    for (const client of [first, second])
      await until(() => contents(client, id).length === 2, { what: 'both messages are there' });
    expect(contents(second, id)).toEqual(['missed', 'written meanwhile']);
    expect(contents(first, id)).toEqual(['missed', 'written meanwhile']);
  });
});

/** One address before several nodes, as a balancer has it. */
function balanced(nodes: readonly string[]): Pick<HubOptions, 'fetch' | 'WebSocket'> & { next: () => void } {
  let at = 0;
  const moved = (address: string): URL => {
    const { pathname, search, protocol } = new URL(address);
    const url = new URL(`${pathname}${search}`, nodes[at]);
    if (protocol === 'ws:') url.protocol = protocol;
    return url;
  };
  return {
    next: () => (at += 1),
    fetch: (input, init) => fetch(moved(input instanceof Request ? input.url : input.toString()), init),
    WebSocket: class extends WebSocket {
      constructor(url: string) {
        super(moved(url));
      }
    },
  };
}

describe('a client whose node goes away', () => {
  it(
    'goes on with another one, and nothing is lost, doubled or out of order',
    { timeout: 90_000 },
    async () => {
      const hub = await openTestHub('postgres');
      open.push(() => hub[Symbol.asyncDispose]());
      const going = await hub.another();
      const nodes = [await going.listen(), await hub.hub.listen()] as const;
      const [ada, bob] = [await hub.user('ada', { role: 'admin' }), await hub.user('bob')];
      const { next, ...options } = balanced(nodes);
      const moving = clientOf('http://hub.test', ada.token, options);
      const staying = clientOf(nodes[1], bob.token);
      await Promise.all([moving.ready, staying.ready]);
      const { id } = await moving.call('createChannel', {
        body: { kind: 'private', name: 'lab', members: [bob.id] },
      });
      await until(() => staying.snapshot().channels.has(id), { what: 'bob is in the channel' });
      const all = Array.from({ length: 60 }, (_, i) => `${i}`);
      const sent = all.map((content) => moving.send(id, { content }).message);
      await sent[10];
      next();
      await going.close();
      await Promise.all(sent);
      for (const client of [moving, staying]) {
        await until(() => contents(client, id).length >= all.length, { what: 'all messages came' });
        expect(contents(client, id)).toEqual(all);
      }
      expect(moving.snapshot().channels.get(id)?.outgoing).toEqual([]);
    },
  );
});
