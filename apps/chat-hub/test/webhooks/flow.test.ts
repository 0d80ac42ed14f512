import { until } from '@parley/services';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { hubDatabases, type HubDatabase } from '../support/hub.ts';
import { startTarget } from '../support/target.ts';
import { WebhookWorld } from '../support/webhook-world.ts';
import { turnTopic } from '../../src/webhooks/topic.ts';

vi.setConfig({ testTimeout: 60_000 });

const deadline = 50_000;

describe.each(hubDatabases)('deliveries on %s', (kind: HubDatabase) => {
  let hooks: WebhookWorld;
  let pauseMs = 20;
  beforeAll(async () => {
    hooks = await WebhookWorld.open(kind, { attempts: 2, answerMs: 60_000, backoff: () => pauseMs });
  }, 120_000);
  afterAll(() => hooks[Symbol.asyncDispose]());

  test('flow while messages come without a pause', async () => {
    const channelId = await hooks.room();
    await hooks.made(channelId);
    let said = 0;
    const over = new AbortController();
    const talk = async (): Promise<void> => {
      for (; !over.signal.aborted; said += 1) await hooks.say(channelId, 'and on');
    };
    const talking = Promise.all([talk(), talk(), talk()]);
    const told = () => hooks.told(channelId).length;
    await until(() => told() > 20, { what: 'much of it is told', deadline }).finally(() => over.abort());
    await talking;
    const seqs = () => new Set(hooks.told(channelId).map(({ data }) => data.seq));
    await until(() => seqs().size === said, { what: 'all of it is told', deadline });
    expect(told()).toBe(said);
  });

  test('to an address that hangs hold up none to another', async () => {
    const [hanging, channelId] = [await hooks.room(), await hooks.room()];
    const silent = await startTarget();
    silent.answer = () => undefined;
    try {
      await hooks.made(hanging, silent.url);
      const { webhook } = await hooks.made(channelId);
      for (let i = 0; i < 20; i += 1) await hooks.say(hanging, 'unheard');
      await until(() => silent.calls.length > 0, { what: 'it hangs', deadline });
      await hooks.say(channelId, 'heard');
      await hooks.settled(channelId, webhook.id, 'delivered');
      expect(silent.calls.length).toBeLessThan(10);
    } finally {
      await silent.close();
    }
  });

  test('that are given up are kept by the log of deliveries, and by no queue', async () => {
    const channelId = await hooks.room();
    const { webhook } = await hooks.made(channelId);
    hooks.target.answer = (_, reply) => void reply.writeHead(404).end();
    await hooks.say(channelId, 'x');
    await hooks.settled(channelId, webhook.id, 'dead');
    hooks.target.answer = (_, reply) => void reply.writeHead(200).end();
    const queue = hooks.node.hub.parley.bus.queue(turnTopic);
    expect(await queue.dead()).toEqual([]);
    await until(async () => (await queue.counts()).taken === 0, { what: 'the turn is over', deadline });
  });

  test('of a channel that is deleted are made up to its end', async () => {
    const channelId = await hooks.room();
    await hooks.made(channelId, hooks.target.url, ['channel.message', 'channel.delete']);
    await hooks.say(channelId, 'the last words');
    await hooks.node.ask('DELETE', `/channels/${channelId}`, { token: hooks.ann.token });
    const types = () => hooks.told(channelId).map(({ data }) => data.event.type ?? '');
    await until(() => types().length === 2, { what: 'both are told', deadline });
    expect(types().toSorted()).toEqual(['channel.delete', 'channel.message']);
    // Then nobody needs the address and what signs any more.
    const forgotten = async (): Promise<boolean> => {
      await hooks.node.hub.dispatcher.sweep();
      const row = hooks.node
        .tables()
        .selectFrom('webhooks')
        .select('url')
        .where('channel_id', '=', channelId);
      return ['', undefined].includes((await row.executeTakeFirst())?.url);
    };
    await until(forgotten, { what: 'the address is forgotten', deadline });
  });

  test('go on behind a part of the log that is there no more', async () => {
    const channelId = await hooks.room();
    const { webhook } = await hooks.made(channelId);
    const { dispatcher } = hooks.node.hub;
    const kysely = hooks.node.tables();
    const row = kysely.updateTable('channels').where('id', '=', channelId);
    await row.set({ last_seq: 500 }).execute();
    await dispatcher.dispatch();
    await hooks.say(channelId, 'x');
    await hooks.settled(channelId, webhook.id, 'delivered');
    expect(hooks.told(channelId)).toHaveLength(1);
  });

  test('that were told long ago are forgotten, however many there are; what waits too long is given up', async () => {
    const channelId = await hooks.room();
    const { webhook } = await hooks.made(channelId);
    const old = Date.now() - 40 * 24 * 3_600_000;
    const rows = (state: 'delivered' | 'waiting', from: number, count: number) =>
      Array.from({ length: count }, (_, i) => ({
        id: crypto.randomUUID(),
        webhook_id: webhook.id,
        seq: from + i,
        type: 'channel.message',
        state,
        round: 0,
        attempts: 1,
        status: null,
        error: null,
        created_at: old,
        since: old,
        // Not to be tried before it is given up.
        due_at: Date.now() + 60_000,
      }));
    const kysely = hooks.node.tables();
    for (const from of [10_000, 11_000, 12_000])
      await kysely
        .insertInto('deliveries')
        .values(rows('delivered', from, 700))
        .execute();
    const [waiting] = rows('waiting', 20_000, 1);
    if (waiting === undefined) throw new RangeError('there is one');
    await kysely
      .insertInto('deliveries')
      .values({ ...waiting, created_at: Date.now() })
      .execute();
    await hooks.node.hub.dispatcher.sweep();
    const [left, ...others] = await hooks.deliveries(channelId, webhook.id);
    expect([left, others]).toMatchObject([{ state: 'dead', error: expect.stringContaining('too long') }, []]);
    const path = `/channels/${channelId}/webhooks/${webhook.id}`;
    await hooks.node.ask('DELETE', path, { token: hooks.ann.token });
    await hooks.node.hub.dispatcher.sweep();
    const ofWebhook = kysely.selectFrom('webhooks').select('id').where('id', '=', webhook.id);
    expect(await ofWebhook.execute()).toEqual([]);
  });

  test('to an address that fails and fails wait for a while, or until somebody asks', async () => {
    const channelId = await hooks.room();
    const { webhook } = await hooks.made(channelId);
    hooks.target.answer = (_, reply) => void reply.writeHead(500).end();
    pauseMs = 3_600_000;
    const count = 20;
    for (let i = 0; i < count; i += 1) await hooks.say(channelId, 'x');
    const kysely = hooks.node.tables();
    const paused = async (): Promise<boolean> => {
      await hooks.node.hub.dispatcher.dispatch();
      const row = kysely.selectFrom('webhooks').select('paused_until').where('id', '=', webhook.id);
      return (await row.executeTakeFirstOrThrow()).paused_until !== null;
    };
    await until(paused, { what: 'it is left alone', deadline });
    const before = await hooks.deliveries(channelId, webhook.id);
    const untried = before.filter(({ attempts }) => attempts === 0).length;
    expect(untried).toBeGreaterThan(0);
    hooks.target.answer = (_, reply) => void reply.writeHead(200).end();
    await hooks.redeliver(channelId, webhook.id, before.find(({ attempts }) => attempts > 0)?.id);
    await hooks.settled(channelId, webhook.id, 'delivered', untried + 1);
    pauseMs = 20;
  });

  test('by a webhook of somebody who manages the channel no more are made no more, and it ends', async () => {
    const channelId = await hooks.room();
    const by = { token: hooks.ann.token };
    const bob = await hooks.node.user(`bob-${kind}`);
    const member = `/channels/${channelId}/members/${bob.id}`;
    await hooks.node.ask('PUT', member, { ...by, body: { role: 'admin' } });
    const { webhook } = await hooks.made(channelId, hooks.target.url, ['channel.message'], bob);
    const { webhook: own } = await hooks.made(channelId);
    await hooks.say(channelId, 'for both');
    await until(() => hooks.told(channelId).length === 2, { what: 'both are told', deadline });
    await hooks.node.ask('PUT', member, { ...by, body: { role: 'member' } });
    await hooks.say(channelId, 'for one');
    await hooks.settled(channelId, own.id, 'delivered', 2);
    expect(hooks.told(channelId)).toHaveLength(3);
    await hooks.node.hub.dispatcher.sweep();
    const listed = await hooks.node.ask('GET', `/channels/${channelId}/webhooks`, by);
    expect(listed.json<{ items: object[] }>().items).toMatchObject([{ id: own.id }]);
    const noted = await hooks.node
      .tables()
      .selectFrom('audit')
      .select(['action', 'actor_id', 'details'])
      .where('subject_id', '=', webhook.id)
      .orderBy('id')
      .execute();
    expect(noted).toMatchObject([
      { action: 'webhook.create', actor_id: bob.id },
      { action: 'webhook.delete', actor_id: null, details: { createdBy: bob.id, reason: 'rights' } },
    ]);
  });

  test('end with their webhook, also while somebody holds the channel', async () => {
    const channelId = await hooks.room();
    const { webhook } = await hooks.made(channelId);
    const { tables } = hooks.node.hub;
    const end = async (): Promise<void> => {
      const path = `/channels/${channelId}/webhooks/${webhook.id}`;
      const deleted = await hooks.node.ask('DELETE', path, { token: hooks.ann.token });
      expect(deleted.statusCode).toBe(204);
    };
    // Where there is one connection, whoever holds something holds it.
    if (kind === 'embedded') return end();
    await tables.db.transaction(async (session) => {
      await session.query(tables.statement('channel_lock'), [channelId, null]);
      await end();
    });
  });

  // The last one: the node does no work after it.
  test('that a node ends while it tells them have not failed, not even at the last attempt', async () => {
    const channelId = await hooks.room();
    const { webhook } = await hooks.made(channelId);
    let asked = 0;
    hooks.target.answer = (_, reply) => {
      asked += 1;
      if (asked === 1) reply.writeHead(500).end();
    };
    await hooks.say(channelId, 'x');
    await until(() => asked === 2, { what: 'it is tried once more', deadline });
    await hooks.node.hub.dispatcher.close(0);
    const held = await hooks.deliveries(channelId, webhook.id);
    expect(held).toMatchObject([{ state: 'waiting', attempts: 1 }]);
    if (kind === 'embedded') return;
    hooks.target.answer = (_, reply) => void reply.writeHead(200).end();
    await hooks.node.another();
    const [delivered] = await hooks.settled(channelId, webhook.id, 'delivered');
    expect(delivered).toMatchObject({ attempts: 2, error: null });
  });
});
