import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { connect } from 'node:net';
import { limits, type Channel } from '@parley/hub-protocol';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Tables } from '../../src/database/tables.ts';
import { inject, openTestHub, outcomeOf, type TestHub, type TestUser } from '../support/hub.ts';

let world: TestHub;
let owner: TestUser;
beforeAll(async () => {
  world = await openTestHub('embedded', { env: { HUB_NAME: 'Ann & "Bob" <script>' } });
  owner = await world.user('owner1', { role: 'owner' });
}, 60_000);
afterAll(async () => world[Symbol.asyncDispose]());

const get = (url: string, headers = {}) => inject(world.hub, 'GET', url, { headers });

describe('addresses', () => {
  test('what is nowhere is a problem, for everybody', async () => {
    for (const url of ['/nothing', '/api/v1/nothing', '/api/v2/users', '/api/v1']) {
      const response = await get(url);
      expect([url, outcomeOf(response)]).toEqual([url, 'NOT_FOUND']);
      expect(response.json()).toMatchObject({ status: 404, requestId: response.headers['x-request-id'] });
    }
  });

  test('a method that an address does not know is told which it knows', async () => {
    const response = await inject(world.hub, 'PUT', '/api/v1/users', { body: 'x'.repeat(200_000) });
    expect(outcomeOf(response)).toBe('METHOD_NOT_ALLOWED');
    expect(response.headers['allow']).toBe('GET, HEAD, POST');
    expect(outcomeOf(await inject(world.hub, 'POST', '/healthz'))).toBe('METHOD_NOT_ALLOWED');
    expect(outcomeOf(await inject(world.hub, 'DELETE', '/'))).toBe('METHOD_NOT_ALLOWED');
  });

  test('escapes that are none are refused as such', async () => {
    expect(outcomeOf(await get('/api/v1/users/%E0%A4%A'))).toBe('MALFORMED');
    expect(outcomeOf(await get(`/api/v1/users/${'a'.repeat(2_000)}`))).toMatch(
      /NOT_FOUND|INVALID|UNAUTHENTICATED/,
    );
  });

  test('a field that is given twice, or as a prototype, is none', async () => {
    const ask = async (query: string) =>
      outcomeOf(await inject(world.hub, 'GET', `/api/v1/users?${query}`, { token: owner.token }));
    expect(await ask('limit=1&limit=2')).toBe('INVALID');
    expect(await ask('__proto__=1')).toBe('INVALID');
    expect(await ask('limit=0')).toBe('INVALID');
    expect(await ask('limit=201')).toBe('INVALID');
    expect(await ask('query=%00')).toBe('INVALID');
    expect(await ask('limit=200')).toBe(200);
  });

  test('a message answers under its own channel only', async () => {
    const make = async (name: string) =>
      (
        await world.ask('POST', '/channels', { token: owner.token, body: { kind: 'public', name } })
      ).json<Channel>().id;
    const [one, other] = [await make('one'), await make('other')];
    const sent = await world.ask('POST', `/channels/${one}/messages`, {
      token: owner.token,
      body: { clientId: 'c1', content: 'hello' },
    });
    expect(sent.statusCode).toBe(201);
    const { id } = sent.json<{ message: { id: string } }>().message;
    const edit = async (channelId: string) =>
      world.ask('PATCH', `/channels/${channelId}/messages/${id}`, {
        token: owner.token,
        body: { content: 'hello!' },
      });
    expect(outcomeOf(await edit(other))).toBe('NOT_FOUND');
    const edited = await edit(one);
    const { seq, message } = edited.json<{ seq: number; message: { seq: number } }>();
    expect(seq).toBeGreaterThan(message.seq);
    const log = await world.ask('GET', `/channels/${one}/log`, { token: owner.token });
    const { items, seq: head } = log.json<{
      items: { seq: number; event: { type: string } }[];
      seq: number;
    }>();
    expect(items.map((item) => item.seq)).toEqual(Array.from({ length: head }, (_, i) => i + 1));
    expect(items.at(-1)).toMatchObject({ seq, channelId: one, event: { type: 'channel.message.edit' } });
    const stale = await world.ask('GET', `/channels/${one}/log?epoch=another`, { token: owner.token });
    expect(outcomeOf(stale)).toBe('EPOCH_CHANGED');
  });
});

describe('headers', () => {
  test.each(['/', '/api/v1/openapi.json', '/api/v1/me', '/nothing', '/healthz'])(
    'of %s keep a browser safe',
    async (url) => {
      const { headers } = await get(url);
      expect(headers).toMatchObject({
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-resource-policy': 'same-origin',
      });
      const policy = String(headers['content-security-policy']);
      expect(policy).toContain("default-src 'none'");
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy).not.toContain('unsafe');
      expect(headers['access-control-allow-origin']).toBeUndefined();
      expect(headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
    },
  );

  test('what a client says of the id of its request is not taken over', async () => {
    const { headers } = await get('/healthz', { 'x-request-id': 'forged', 'request-id': 'forged' });
    expect(headers['x-request-id']).not.toBe('forged');
  });

  test('nothing of the interface is kept by caches', async () => {
    expect((await get('/api/v1/openapi.json')).headers['cache-control']).toBe('no-store');
  });
});

describe('the page', () => {
  const assets = async (): Promise<string[]> =>
    [...(await get('/')).body.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/gu)].map(([, url = '']) => url);

  test('is known again by its tag, and its parts too', async () => {
    for (const url of ['/', '/icon.svg', ...(await assets())]) {
      const first = await get(url);
      expect(first.statusCode).toBe(200);
      const again = await get(url, { 'if-none-match': `"other", W/${String(first.headers['etag'])}` });
      expect(again.statusCode).toBe(304);
      expect(again.body).toBe('');
    }
  });

  test('comes packed in the best way that a browser takes, and its parts are kept for ever', async () => {
    const urls = await assets();
    expect(new Set(urls.map((url) => url.split('.').at(-1)))).toEqual(new Set(['css', 'js']));
    for (const url of urls) {
      const plain = await get(url);
      expect(plain.headers['content-encoding']).toBeUndefined();
      expect(plain.headers['cache-control']).toContain('immutable');
      const best = await get(url, { 'accept-encoding': 'gzip, deflate, br;q=0.9' });
      expect(best.headers['content-encoding']).toBe('br');
      expect(brotliDecompressSync(best.rawPayload)).toEqual(plain.rawPayload);
      const other = await get(url, { 'accept-encoding': 'gzip, br;q=0' });
      expect(other.headers).toMatchObject({ 'content-encoding': 'gzip', vary: 'accept-encoding' });
      expect(gunzipSync(other.rawPayload)).toEqual(plain.rawPayload);
    }
    expect((await get('/')).headers['cache-control']).toBe('no-cache');
    expect(outcomeOf(await get('/assets/../package.json'))).toBe('NOT_FOUND');
  });

  test('has no script and no style within itself, and the name of the workspace as text', async () => {
    const { body } = await get('/');
    expect(body).toContain('<title>Ann &amp; &quot;Bob&quot; &lt;script&gt;</title>');
    expect(body).not.toMatch(/<script(?![^>]*src=)|<style|\son\w+=|style=|javascript:/i);
  });
});

describe('bodies over the wire', () => {
  let port: number;
  beforeAll(async () => {
    port = Number(new URL(await world.hub.listen()).port);
  });

  /** What the hub answers to these bytes, until it closes or the status is there. */
  const raw = (head: string, body: Buffer) =>
    new Promise<string>((resolve, reject) => {
      const socket = connect(port, '127.0.0.1');
      let text = '';
      socket.on('data', (data) => {
        text += data.toString();
        if (text.includes('\r\n\r\n')) socket.destroy();
      });
      socket.on('error', reject);
      socket.on('close', () => resolve(text.split('\r\n')[0] ?? ''));
      socket.write(Buffer.concat([Buffer.from(head), body]));
    });

  test('one that is too large is refused before it has come', async () => {
    const head = `POST /api/v1/setup HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: ${limits.frameBytes + 1}\r\n\r\n`;
    expect(await raw(head, Buffer.from('{'))).toBe('HTTP/1.1 413 Payload Too Large');
  });

  test('one that is sent in pieces without a length is bounded as well', async () => {
    const head =
      'POST /api/v1/setup HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n';
    const size = limits.frameBytes + 10;
    const chunk = Buffer.concat([
      Buffer.from(`${size.toString(16)}\r\n`),
      Buffer.alloc(size, 32),
      Buffer.from('\r\n'),
    ]);
    expect(await raw(head, chunk)).toBe('HTTP/1.1 413 Payload Too Large');
  });

  test('who is nobody is refused before the body has come', async () => {
    const head =
      'POST /api/v1/users HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 100000\r\n\r\n';
    expect(await raw(head, Buffer.from('{'))).toBe('HTTP/1.1 401 Unauthorized');
  });
});

test('a request that takes too long is answered in time', { timeout: 60_000 }, async () => {
  await using slow = await openTestHub('postgres', { requestLimitMs: 200 });
  const { token, id } = await slow.user('waits');
  const held = Promise.withResolvers<void>();
  const begun = Promise.withResolvers<void>();
  // Somebody else changes the same row for as long as they like.
  const holding = slow.hub.parley.database.transaction(async (session) => {
    const kysely = slow.hub.tables.kysely<Tables>(session);
    await kysely.selectFrom('users').select('id').where('id', '=', id).forUpdate().execute();
    begun.resolve();
    await held.promise;
  });
  await begun.promise;
  const response = await slow.ask('PATCH', '/me', { token, body: { bio: 'x' } });
  expect(outcomeOf(response)).toBe('TIMEOUT');
  expect(response.json()).toMatchObject({ retryable: true });
  held.resolve();
  await holding;
});

test(
  'a page that is not the hub’s gets nowhere where the hub knows its address',
  { timeout: 60_000 },
  async () => {
    await using world = await openTestHub('embedded', {
      env: { HUB_PUBLIC_URL: 'https://chat.example.org' },
    });
    const { code = '' } = world.hub.setup ?? {};
    const body = { code, password: 'a long password' };
    const foreign = { host: 'chat.example.org', origin: 'http://chat.example.org' };
    expect(outcomeOf(await world.ask('POST', '/setup', { headers: foreign, body }))).toBe('ORIGIN_REFUSED');
    const own = { host: 'inner', origin: 'https://chat.example.org' };
    const response = await world.ask('POST', '/setup', { headers: own, body });
    expect(response.statusCode).toBe(200);
    expect(response.headers['set-cookie']).toMatch(/; Secure$/);
    expect(response.headers['strict-transport-security']).toBeDefined();
    expect(await (await world.ask('GET', '/openapi.json')).json()).toMatchObject({
      servers: [{ url: 'https://chat.example.org' }],
    });
  },
);
