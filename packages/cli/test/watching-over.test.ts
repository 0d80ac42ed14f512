import { createServer } from 'node:http';
import { checkReceived } from '@parley/hub-protocol';
import { routes } from '@parley/hub-protocol/rest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ownerOf, ownerPassword, patience, Place, typist, type TestHub, type Typist } from './support/hub.ts';

const someId = '018dcd8a-0b80-7c4e-9a51-0f4f0f1c1a09';

let place: Place;
let hub: TestHub;
let ann: Typist;
beforeAll(async () => {
  place = await Place.make();
  hub = await place.startHub();
  ann = await ownerOf(place, hub);
}, patience.timeout);
afterAll(() => place.close(), 60_000);

describe('a hub', { timeout: patience.timeout }, () => {
  it('tells administrators how often its limits were reached, and nobody else', async () => {
    const figures = checkReceived(routes.readLimits.reply, await ann.json(['hub', 'limits']));
    expect(figures.limits.find(({ name }) => name === 'read.admin')).toMatchObject({ seconds: 60 });
    expect((await ann.run(['hub', 'limits'])).out).toMatch(/^limit +allows +admitted +denied\n/);
    const { code, out } = await ann.run(['agent', 'create', 'nosy']);
    expect(code).toBe(0);
    const agent = typist({ PARLEY_URL: hub.url, PARLEY_TOKEN: out.trim() });
    expect((await agent.run(['hub', 'limits'])).code).toBe(3);
  });
});

describe('sessions', { timeout: patience.timeout }, () => {
  it('of browsers are listed, and ended one by one or all at once', async () => {
    const signIn = async (userAgent: string): Promise<string> => {
      const { headers } = await fetch(new URL('/api/v1/session', hub.url), {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'user-agent': userAgent },
        body: JSON.stringify({ handle: 'ann', password: ownerPassword }),
      });
      return headers.get('set-cookie')?.split(';')[0] ?? '';
    };
    const inside = async (cookie: string): Promise<number> =>
      (await fetch(new URL('/api/v1/me', hub.url), { headers: { cookie } })).status;
    const cookies = [await signIn('phone'), await signIn('laptop'), await signIn('kiosk')];
    const listed = async () =>
      checkReceived(routes.listSessions.reply, { items: await ann.json(['session', 'list']) }).items;
    expect((await listed()).map(({ userAgent }) => String(userAgent)).toSorted()).toEqual([
      'kiosk',
      'laptop',
      'phone',
    ]);
    expect((await ann.run(['session', 'list'])).out).toContain('127.0.0.1');
    const phone = (await listed()).find(({ userAgent }) => userAgent === 'phone');
    await ann.json(['session', 'revoke', phone?.id ?? '']);
    expect(await Promise.all(cookies.map(inside))).toEqual([401, 200, 200]);
    expect((await ann.run(['session', 'revoke'])).code).toBe(2);
    await ann.json(['session', 'revoke', '--all']);
    expect(await Promise.all(cookies.map(inside))).toEqual([401, 401, 401]);
    expect(await listed()).toEqual([]);
    expect((await ann.run(['session', 'revoke', phone?.id ?? ''])).code).toBe(5);
  });
});

describe('others', { timeout: patience.timeout }, () => {
  it('are signed out everywhere, their tokens and codes ended, and an agent is given another owner', async () => {
    const code = (await ann.run(['user', 'create', 'bea'])).out.trim();
    const redeemed = await fetch(new URL('/api/v1/setup', hub.url), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ code, password: ownerPassword }),
    });
    const cookie = redeemed.headers.get('set-cookie')?.split(';')[0] ?? '';
    const inside = async () => (await fetch(new URL('/api/v1/me', hub.url), { headers: { cookie } })).status;
    expect(await inside()).toBe(200);
    const listed = await ann.json(['session', 'list', '--for', 'bea']);
    expect(checkReceived(routes.listUserSessions.reply, { items: listed }).items).toHaveLength(1);
    expect(await ann.json(['session', 'revoke', '--all', '--for', 'bea'])).toEqual({
      id: null,
      revoked: true,
    });
    expect(await inside()).toBe(401);

    const secret = (await ann.run(['agent', 'create', 'lost'])).out.trim();
    const lost = typist({ PARLEY_URL: hub.url, PARLEY_TOKEN: secret });
    expect(await ann.json(['agent', 'update', 'lost', '--owner', 'bea'])).toMatchObject({
      ownerId: expect.any(String),
    });
    expect(await ann.json(['agent', 'update', 'lost', '--owner', 'none'])).toMatchObject({ ownerId: null });
    expect(await ann.json(['token', 'revoke', '--all', '--for', 'lost'])).toMatchObject({ revoked: 1 });
    expect((await lost.run(['whoami'])).code).toBe(3);
    expect((await ann.run(['token', 'revoke', '--for', 'lost'])).code).toBe(2);

    await ann.run(['user', 'create', 'carl']);
    expect((await ann.run(['user', 'codes'])).out).toMatch(/^carl\t[^\t]+\t[^\t]+\n$/);
    expect((await ann.run(['agent', 'codes'])).out.trim()).toBe('');
    expect(await ann.json(['user', 'code', 'carl', '--end'])).toMatchObject({ ended: true });
    expect((await ann.run(['user', 'codes'])).out.trim()).toBe('');
  });
});

describe('metrics and webhooks', { timeout: patience.timeout }, () => {
  it('of all of the workspace are shown to administrators', async () => {
    const sockets = await ann.run(['hub', 'metrics', 'parley_sockets']);
    expect([sockets.code, sockets.out]).toEqual([0, 'parley_sockets\t\t0\n']);
    expect(await ann.json(['hub', 'metrics', 'parley_audit'])).toEqual([
      { name: 'parley_audit_unsealed_seconds', labels: {}, value: expect.any(Number) },
    ]);
    await ann.run(['webhook', 'in', 'general', '--name', 'ci']);
    expect((await ann.run(['webhook', 'list'])).out).toMatch(/^\S+\tin\tci\tas ann\t\S+\t[^\t]+\n$/);
  });
});

describe('hub verify', { timeout: patience.timeout }, () => {
  it.each([
    ['sealing stands still', { waiting: 3, waitingMs: 120_000, lost: null }, null, 'waits for 120 s'],
    [
      'an entry was removed unsealed',
      { waiting: 1, waitingMs: 0, lost: someId },
      null,
      'before it was sealed',
    ],
    ['an entry has no seal', { waiting: 0, waitingMs: 0, lost: null }, someId, 'has no seal'],
  ])('is not content when %s', async (_, end, loose, said) => {
    let asked = 0;
    const server = createServer((request, response) => {
      response.setHeader('content-type', 'application/json');
      if (request.url?.includes('/audit/chain') === true)
        return response.end(JSON.stringify({ items: [], head: null, ...end }));
      // The log is looked over in parts.
      asked += 1;
      const part = { checked: 1, loose: asked > 1 ? loose : null, next: asked > 1 ? null : someId };
      return response.end(JSON.stringify(part));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    const who = typist({ PARLEY_URL: `http://127.0.0.1:${port}`, PARLEY_TOKEN: `parley_${'A'.repeat(43)}` });
    const { code, out } = await who.run(['hub', 'verify']);
    server.close();
    expect([code, asked]).toEqual([1, 2]);
    expect(out).toContain(said);
  });
});

describe('a search', { timeout: patience.timeout }, () => {
  it('finds what was said, in what one may read', async () => {
    const { out: secret } = await ann.run(['agent', 'create', 'finder']);
    const finder = typist({ PARLEY_URL: hub.url, PARLEY_TOKEN: secret.trim() });
    await ann.json(['channel', 'create', 'vault', '--private']);
    for (const channel of ['general', 'vault']) await ann.run(['send', channel, 'Pâté, findable', channel]);
    const where = async (who: Typist, ...query: string[]): Promise<string[]> =>
      checkReceived(routes.searchMessages.reply, {
        items: await who.json(['search', ...query]),
        next: null,
      }).items.map(({ message }) => message.content);
    expect(await where(ann, 'pate', 'find*')).toEqual(['Pâté, findable vault', 'Pâté, findable general']);
    expect(await where(ann, 'pate', '--limit', '1')).toEqual(['Pâté, findable vault']);
    expect(await where(finder, 'findable from:ann')).toEqual(['Pâté, findable general']);
    expect((await ann.run(['search', 'findable', 'in:vault'])).out).toMatch(
      /^\S+Z\t#vault\tann\tPâté, findable vault\n$/,
    );
    const refused = await finder.run(['search', 'findable', 'in:vault']);
    expect([refused.code, refused.err]).toEqual([expect.any(Number), expect.stringContaining('`in:vault`')]);
    expect(refused.code).not.toBe(0);
  });
});
