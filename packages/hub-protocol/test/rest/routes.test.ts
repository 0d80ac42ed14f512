import { checkSent } from '@parley/hub-protocol';
import {
  adminCalls,
  backupCalls,
  calls,
  fileCalls,
  isRouteName,
  routeList,
  routePath,
  routes,
  searchOf,
  type NamedRoute,
} from '@parley/hub-protocol/rest';
import { describe, expect, it } from 'vitest';
import { channelId, messageId, refusal } from '../support.ts';

const namesOf = (chosen: (route: NamedRoute) => boolean) => routeList.filter(chosen).map(({ name }) => name);

describe('the table of routes', () => {
  it('has every route once, by name and by address', () => {
    expect(routeList.map(({ name }) => name)).toEqual(Object.keys(routes));
    const addresses = routeList.map(({ method, path }) => `${method} ${path.replaceAll(/\{\w+\}/g, '{}')}`);
    expect(new Set(addresses).size).toBe(addresses.length);
  });

  it('has a call for each route and no other', () => {
    expect([calls, adminCalls, backupCalls, fileCalls].flatMap((table) => Object.keys(table)).sort()).toEqual(
      Object.keys(routes).sort(),
    );
  });

  it('has parameters as their paths name them', () => {
    const named = routeList.map(({ path }) => [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name));
    expect(routeList.map(({ params }) => Object.keys(params?.shape ?? {}))).toEqual(named);
  });

  it('answers something, or says that it does not', () => {
    expect(namesOf(({ reply }) => reply === undefined)).toEqual(namesOf(({ status }) => status === 204));
  });

  it('has bodies and queries where they belong', () => {
    expect(
      namesOf(({ method, body }) => body !== undefined && (method === 'GET' || method === 'DELETE')),
    ).toEqual([]);
    expect(namesOf(({ method, query }) => query !== undefined && method !== 'GET')).toEqual([]);
  });

  it('lets nobody in who is not known, but to come in and to read this table', () => {
    expect(namesOf(({ auth }) => auth === 'public')).toEqual([
      'redeemSetupCode',
      'createSession',
      'postByWebhook',
      'answerByAddress',
      'readOpenApi',
    ]);
    expect(namesOf(({ auth, scope }) => auth === 'public' && scope !== null)).toEqual([]);
  });

  it('changes nothing with the scope to read, but how far one has read and of what one is told', () => {
    expect(namesOf(({ method, scope }) => method !== 'GET' && scope === 'read')).toEqual([
      'markRead',
      'setNotifications',
      'setDefaultNotifications',
    ]);
  });

  it('asks for no scope only where it is about the caller alone', () => {
    expect(namesOf(({ auth, scope }) => auth !== 'public' && scope === null)).toEqual([
      'readSession',
      'deleteSession',
      'listSessions',
      'revokeSession',
      'revokeOtherSessions',
      'readMe',
      'changePassword',
    ]);
  });

  it('says of everything below a channel what the caller must be in it', () => {
    expect(namesOf(({ channel }) => channel !== undefined)).toEqual(
      namesOf(({ path }) => path.startsWith('/channels/{channelId}')),
    );
  });

  it.each(routeList.flatMap(({ name, body }) => (typeof body === 'object' ? [[name, body] as const] : [])))(
    'refuses bodies of another shape: %s',
    (_, body) => {
      expect(refusal(() => checkSent(body, { surprise: 1 })).code).toBe('INVALID');
      expect(refusal(() => checkSent(body, JSON.parse('{"__proto__":{"role":"owner"}}'))).field).toBe(
        '__proto__',
      );
      for (const wrong of [null, 7, 'x', [], undefined])
        expect(refusal(() => checkSent(body, wrong)).code).toBe('INVALID');
    },
  );

  it('tells the name of a field that nobody knows', () => {
    expect(refusal(() => checkSent(routes.updateMe.body, { dispalyName: 'Ada' }))).toMatchObject({
      field: 'dispalyName',
      message: 'dispalyName must be left away: nobody knows it',
    });
    expect(refusal(() => checkSent(routes.updateMe.body, { role: 'owner' })).field).toBe('role');
  });

  it('knows its names', () => {
    expect(isRouteName('sendMessage')).toBe(true);
    expect(isRouteName('toString')).toBe(false);
  });
});

describe('a query', () => {
  it('becomes numbers and flags', () => {
    expect(checkSent(routes.listMessages.query, { before: '12', limit: '50' })).toEqual({
      before: 12,
      limit: 50,
    });
    expect(checkSent(routes.listChannels.query, { joined: 'true', archived: 'false' })).toEqual({
      joined: true,
      archived: false,
    });
  });

  it.each(['', ' 1', '1.5', '-1', '1e3', '0x10', 'NaN', '99999999999999999', 'true'])(
    'has no number %j',
    (limit) => {
      expect(refusal(() => checkSent(routes.listUsers.query, { limit })).field).toBe('limit');
    },
  );

  it.each(['', '1', 'yes', 'TRUE'])('has no flag %j', (joined) => {
    expect(refusal(() => checkSent(routes.listChannels.query, { joined })).field).toBe('joined');
  });

  it('has each field once', () => {
    expect(refusal(() => checkSent(routes.listUsers.query, { limit: ['1', '2'] })).field).toBe('limit');
  });

  it('asks for one place in the history', () => {
    expect(refusal(() => checkSent(routes.listMessages.query, { before: '1', after: '2' })).message).toBe(
      'it must name only one of before, after and around',
    );
  });
});

describe('an avatar', () => {
  it.each([
    'javascript:alert(1)',
    'data:text/html,x',
    'http://example.org/a.png',
    '//example.org/a.png',
    'https://a b',
  ])('is not %s', (avatar) => {
    expect(refusal(() => checkSent(routes.updateMe.body, { avatar })).field).toBe('avatar');
  });

  it('may be given back to the hub', () => {
    expect(checkSent(routes.updateMe.body, { avatar: null })).toEqual({ avatar: null });
  });
});

describe('an address', () => {
  it('is filled in', () => {
    expect(routePath(routes.readMessage, { channelId, messageId })).toBe(
      `/api/v1/channels/${channelId}/messages/${messageId}`,
    );
    expect(searchOf({ limit: 50, query: 'a b&c', joined: true, cursor: undefined })).toBe(
      '?limit=50&query=a%20b%26c&joined=true',
    );
    expect(searchOf()).toBe('');
  });

  it('never leads to another route', () => {
    const address = (emoji: string) => routePath(routes.addReaction, { channelId, messageId, emoji });
    expect(new URL(address('../../../users'), 'http://hub').pathname).toBe(
      `/api/v1/channels/${channelId}/messages/${messageId}/reactions/..%2F..%2F..%2Fusers`,
    );
    for (const emoji of ['.', '..', '']) expect(() => address(emoji)).toThrow(TypeError);
    expect(() => routePath(routes.readMessage, { channelId })).toThrow('needs messageId');
  });
});
