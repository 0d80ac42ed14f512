import { checkReceived } from '@parley/hub-protocol';
import { routes } from '@parley/hub-protocol/rest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ownerOf, ownerPassword, patience, Place, typist, type TestHub, type Typist } from './support/hub.ts';

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
