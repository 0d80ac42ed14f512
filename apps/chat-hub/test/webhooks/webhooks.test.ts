import { createHmac } from 'node:crypto';
import type { Message } from '@parley/hub-protocol';
import type { RouteReply } from '@parley/hub-protocol/rest';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hubDatabases, outcomeOf, type TestHub, type TestUser } from '../support/hub.ts';
import type { Target } from '../support/target.ts';
import { WebhookWorld } from '../support/webhook-world.ts';

describe.each(hubDatabases)('on %s', (kind) => {
  let hooks: WebhookWorld;
  let world: TestHub;
  let target: Target;
  let ann: TestUser;
  beforeAll(async () => {
    hooks = await WebhookWorld.open(kind, { attempts: 3, answerMs: 2_000, backoff: () => 20 });
    ({ node: world, target, ann } = hooks);
  }, 120_000);
  afterAll(() => hooks[Symbol.asyncDispose]());

  describe('an incoming webhook', () => {
    const make = async (channelId: string, more: object = {}, by = ann) =>
      world.ask('POST', `/channels/${channelId}/incoming-webhooks`, {
        token: by.token,
        body: { name: 'build server', ...more },
      });
    const pathOf = async (channelId: string, more: object = {}): Promise<string> =>
      (await make(channelId, more)).json<RouteReply<'createIncomingWebhook'>>().path.replace('/api/v1', '');
    const texts = async (channelId: string): Promise<string[]> => {
      const page = await world.ask('GET', `/channels/${channelId}/messages`, { token: ann.token });
      return page.json<{ items: Message[] }>().items.map(({ content }) => content);
    };

    test('takes our shape, and those of Slack and Mattermost', async () => {
      const channelId = await hooks.room();
      const path = await pathOf(channelId);
      const post = async (body: object) => outcomeOf(await world.ask('POST', path, { body }));
      expect(await post({ content: 'ours', clientId: `h${kind}` })).toBe(200);
      expect(await post({ content: 'ours', clientId: `h${kind}` })).toBe(200);
      expect(
        await post({
          text: '<!here> <https://ci.example/7|Build 7> &lt;ok&gt;',
          username: 'ci',
          icon_emoji: ':x:',
        }),
      ).toBe(200);
      expect(
        await post({
          attachments: [
            { color: '#f00', title: 'Down', text: 'db1' },
            { fallback: 'see <https://a.example>' },
          ],
        }),
      ).toBe(200);
      expect(await texts(channelId)).toEqual([
        'ours',
        '@here [Build 7](https://ci.example/7) <ok>',
        'Down\ndb1\nsee https://a.example',
      ]);
      expect(await post({ text: ' ' })).toBe('INVALID');
      expect(await post({ channel: 'elsewhere' })).toBe('INVALID');
    });

    test('takes a form, fields that say nothing, and blocks', async () => {
      const channelId = await hooks.room();
      const path = await pathOf(channelId);
      const form = { 'content-type': 'application/x-www-form-urlencoded' };
      const post = async (payload: object, to = path) => {
        const body = new URLSearchParams({ payload: JSON.stringify(payload) }).toString();
        return outcomeOf(await world.ask('POST', to, { body, headers: form, token: ann.token }));
      };
      expect(await post({ text: 'a form' })).toBe(200);
      expect(await post({ text: null, attachments: [{ title: null, text: 'no title' }] })).toBe(200);
      const section = { type: 'section', text: { type: 'mrkdwn', text: '<https://a.example|b>' } };
      const header = { type: 'header', text: { type: 'plain_text', text: 'Built' } };
      const blocks = [header, section, { type: 'divider' }, null];
      expect(await post({ blocks, attachments: [{ blocks: [section] }] })).toBe(200);
      expect(await post({ text: 'instead of blocks', blocks })).toBe(200);
      expect(await texts(channelId)).toEqual([
        'a form',
        'no title',
        'Built\n[b](https://a.example)\n[b](https://a.example)',
        'instead of blocks',
      ]);
      expect(await post({ blocks: [{ type: 'divider' }] })).toBe('INVALID');
      expect(outcomeOf(await world.ask('POST', path, { body: 'payload={', headers: form }))).toBe(
        'MALFORMED',
      );
      expect(await post({ name: 'x' }, '/channels')).toBe('UNSUPPORTED_MEDIA');
    });

    test('writes in the name of a member, and no more than they may', async () => {
      const channelId = await hooks.room();
      const bot = await world.user(`bot-${kind}`, { kind: 'agent', ownerId: ann.id });
      const path = await pathOf(channelId, { userId: bot.id });
      const post = async () => outcomeOf(await world.ask('POST', path, { body: { text: 'x' } }));
      expect(await post()).toBe('NOT_FOUND');
      const member = `/channels/${channelId}/members/${bot.id}`;
      await world.ask('PUT', member, { token: ann.token, body: {} });
      expect(await post()).toBe(200);
      const by = { token: ann.token };
      await world.ask('PUT', `${member}/mute`, { ...by, body: {} });
      expect(await post()).toBe('FORBIDDEN');
      // Nothing is done with what it says before it is known whether it may say anything.
      expect(outcomeOf(await world.ask('POST', path, { body: { text: ' ' } }))).toBe('FORBIDDEN');
      await world.ask('DELETE', `${member}/mute`, by);
      const own = await pathOf(channelId);
      await world.ask('PUT', `/channels/${channelId}/freeze`, { ...by, body: {} });
      expect(await post()).toBe('FORBIDDEN');
      // What a person lets write is no person.
      expect(outcomeOf(await world.ask('POST', own, { body: { text: 'x' } }))).toBe('FORBIDDEN');
      expect(await hooks.say(channelId, 'a person')).toMatchObject({ content: 'a person' });
    });

    test('is known by its secret alone, which is told once, and ends when it is deleted', async () => {
      const channelId = await hooks.room();
      const path = await pathOf(channelId);
      const secret = path.split('/').at(-1) ?? '';
      const listed = await world.ask('GET', `/channels/${channelId}/incoming-webhooks`, { token: ann.token });
      expect(listed.body).not.toContain(secret);
      const [webhook] = listed.json<RouteReply<'listIncomingWebhooks'>>().items;
      const rows = await world.tables().selectFrom('incoming_webhooks').selectAll().execute();
      expect(JSON.stringify(rows)).not.toContain(secret);
      const wrong = path.replace(secret, 'x'.repeat(43));
      expect(outcomeOf(await world.ask('POST', wrong, { body: { text: 'x' } }))).toBe('NOT_FOUND');
      const address = `/channels/${channelId}/incoming-webhooks/${webhook?.id}`;
      expect(outcomeOf(await world.ask('DELETE', address, { token: ann.token }))).toBe(204);
      expect(outcomeOf(await world.ask('POST', path, { body: { text: 'x' } }))).toBe('NOT_FOUND');
      const audit = await world
        .tables()
        .selectFrom('audit')
        .select('action')
        .where('channel_id', '=', channelId)
        .execute();
      expect(audit.map(({ action }) => action)).toEqual(['webhook.create', 'webhook.delete']);
    });

    test('is made by who manages the channel, for themselves and those who are theirs', async () => {
      const channelId = await hooks.room();
      const bob = await world.user(`bob-${kind}`);
      expect(outcomeOf(await make(channelId, {}, bob))).toBe('NOT_FOUND');
      await world.ask('PUT', `/channels/${channelId}/members/${bob.id}`, { token: ann.token, body: {} });
      expect(outcomeOf(await make(channelId, {}, bob))).toBe('FORBIDDEN');
      expect(outcomeOf(await make(channelId, { userId: bob.id }))).toBe('FORBIDDEN');
      const narrow = await world.token(ann.id, { scopes: ['read', 'manage'] });
      expect(outcomeOf(await make(channelId, {}, { ...ann, token: narrow }))).toBe('SCOPE_MISSING');
      const brief = await world.token(ann.id, { expiresAt: Date.now() + 60_000 });
      expect(outcomeOf(await make(channelId, {}, { ...ann, token: brief }))).toBe('FORBIDDEN');
    });
  });

  describe('an outgoing webhook', () => {
    test('is told what it asked for, once, from when it was made, and signed', async () => {
      const channelId = await hooks.room();
      await hooks.say(channelId, 'before');
      const { webhook, secret } = await hooks.made(channelId);
      const messages = [await hooks.say(channelId, 'one'), await hooks.say(channelId, 'two')];
      await world.ask('PATCH', `/channels/${channelId}`, {
        token: ann.token,
        body: { topic: 'not asked for' },
      });
      await hooks.settled(channelId, webhook.id, 'delivered', 2);
      const calls = hooks.told(channelId).toSorted((a, b) => a.data.seq - b.data.seq);
      expect(calls.map(({ data }) => data.event.message)).toEqual(messages);
      const [first] = calls;
      if (first === undefined) throw new Error('it was told nothing');
      const { headers, body } = first;
      const [id, at] = [String(headers['webhook-id']), String(headers['webhook-timestamp'])];
      const key = Buffer.from(secret.replace('whsec_', ''), 'base64');
      const signature = createHmac('sha256', key).update(`${id}.${at}.${body}`).digest('base64');
      expect(headers['webhook-signature']).toBe(`v1,${signature}`);
      expect(Math.abs(Number(at) - Date.now() / 1_000)).toBeLessThan(600);
      const listed = await world.ask('GET', `/channels/${channelId}/webhooks`, { token: ann.token });
      expect(listed.body).not.toContain(secret);
    });

    test('that fails is tried again, given up after so many times, and told once more when somebody asks', async () => {
      const channelId = await hooks.room();
      const { webhook } = await hooks.made(channelId);
      const answers = [503, 302, 500];
      target.answer = ({ body }, reply) =>
        void reply.writeHead(body.includes(channelId) ? (answers.shift() ?? 204) : 200).end();
      await hooks.say(channelId, 'x');
      const [dead] = await hooks.settled(channelId, webhook.id, 'dead');
      expect(dead).toMatchObject({ attempts: 3, status: 500, error: 'it answered 500' });
      expect(outcomeOf(await hooks.redeliver(channelId, webhook.id, dead?.id))).toBe(202);
      const [done] = await hooks.settled(channelId, webhook.id, 'delivered');
      expect(done).toMatchObject({ id: dead?.id, attempts: 1, status: 204, error: null });
      const ids = hooks.told(channelId).map(({ headers }) => headers['webhook-id']);
      expect(ids).toEqual([dead?.id, dead?.id, dead?.id, dead?.id]);
    });

    test('is told nothing that was deleted meanwhile', async () => {
      const channelId = await hooks.room();
      const { webhook } = await hooks.made(channelId);
      let refuse = true;
      target.answer = ({ body }, reply) =>
        void reply.writeHead(refuse && body.includes(channelId) ? 500 : 200).end();
      const { id } = await hooks.say(channelId, 'a secret');
      await hooks.settled(channelId, webhook.id, 'dead');
      await world.ask('DELETE', `/channels/${channelId}/messages/${id}`, { token: ann.token });
      refuse = false;
      const [dead] = await hooks.deliveries(channelId, webhook.id);
      await hooks.redeliver(channelId, webhook.id, dead?.id);
      await hooks.settled(channelId, webhook.id, 'delivered');
      expect(hooks.told(channelId).at(-1)?.body).not.toContain('a secret');
    });

    test('at an address of a private network is never called', async () => {
      const channelId = await hooks.room();
      const { webhook } = await hooks.made(channelId, 'http://169.254.169.254/latest/meta-data');
      await hooks.say(channelId, 'x');
      const [dead] = await hooks.settled(channelId, webhook.id, 'dead');
      expect(dead).toMatchObject({ attempts: 1, status: null, error: expect.stringContaining('internet') });
      for (const url of ['ftp://example.org/x', 'file:///etc/passwd', 'javascript:alert(1)'])
        expect(outcomeOf(await hooks.make(channelId, url))).toBe('INVALID');
    });

    test('is told of each event by one of several nodes', async () => {
      if (kind === 'postgres') await world.another();
      const channelId = await hooks.room();
      target.answer = (_, reply) => void reply.writeHead(200).end();
      const { webhook } = await hooks.made(channelId);
      for (let i = 0; i < 20; i += 1) await hooks.say(channelId, `m${i}`);
      await hooks.settled(channelId, webhook.id, 'delivered', 20);
      const seqs = hooks.told(channelId).map(({ data }) => data.seq);
      expect(seqs.length).toBe(20);
      expect(new Set(seqs).size).toBe(20);
    });

    test('that is deleted is told nothing more', async () => {
      const channelId = await hooks.room();
      const { webhook } = await hooks.made(channelId);
      const path = `/channels/${channelId}/webhooks/${webhook.id}`;
      expect(outcomeOf(await world.ask('DELETE', path, { token: ann.token }))).toBe(204);
      await hooks.say(channelId, 'x');
      const other = await hooks.room();
      const { webhook: witness } = await hooks.made(other);
      await hooks.say(other, 'y');
      await hooks.settled(other, witness.id, 'delivered');
      expect(hooks.told(channelId)).toEqual([]);
      expect(outcomeOf(await world.ask('GET', `${path}/deliveries`, { token: ann.token }))).toBe('NOT_FOUND');
    });
  });
});
