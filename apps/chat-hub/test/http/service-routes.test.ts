import { startPostgres, until } from '@parley/services';
import type { LightMyRequestResponse } from 'fastify';
import { expect, test } from 'vitest';
import type { Tables } from '../../src/database/tables.ts';
import { inject, openTestHub, outcomeOf } from '../support/hub.ts';

const patience = { timeout: 60_000 };

test('metrics are for this machine, for administrators, or for all who may', patience, async () => {
  await using world = await openTestHub('embedded');
  const from = (
    remoteAddress: string,
    headers: Record<string, string> = {},
  ): Promise<LightMyRequestResponse> => world.hub.server.inject({ url: '/metrics', remoteAddress, headers });
  expect((await from('127.0.0.1')).statusCode).toBe(200);
  expect((await from('::1')).statusCode).toBe(200);
  expect((await from('::ffff:127.0.0.1')).statusCode).toBe(200);
  expect(outcomeOf(await from('10.0.0.1'))).toBe('UNAUTHENTICATED');
  // Through a proxy on this machine the whole world comes from it.
  expect(outcomeOf(await from('127.0.0.1', { 'x-forwarded-for': '1.2.3.4' }))).toBe('UNAUTHENTICATED');
  const owner = await world.user('owner1', { role: 'owner' });
  const member = await world.user('member1');
  const by = async (token: string) => outcomeOf(await from('10.0.0.1', { authorization: `Bearer ${token}` }));
  expect(await by(owner.token)).toBe(200);
  expect(await by(member.token)).toBe('SCOPE_MISSING');
  expect(await by(await world.token(owner.id, { scopes: ['read', 'write'] }))).toBe('SCOPE_MISSING');

  await using open = await openTestHub('embedded', { env: { HUB_METRICS: 'public' } });
  const anybody = await open.hub.server.inject({ url: '/metrics', remoteAddress: '10.0.0.1' });
  expect(anybody.statusCode).toBe(200);
});

test('metrics are in the form of Prometheus, and count requests by route', patience, async () => {
  await using world = await openTestHub('embedded');
  const { token } = await world.user('ann');
  await world.ask('GET', '/me', { token });
  await world.ask('GET', '/me');
  await world.ask('POST', '/channels', { token, body: { kind: 'public', name: 'general' } });
  const { headers, body } = await inject(world.hub, 'GET', '/metrics');
  expect(headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8');
  expect(body).toContain('parley_http_request_seconds_count{route="readMe",status="200"} 1\n');
  expect(body).toContain('parley_http_request_seconds_count{route="readMe",status="401"} 1\n');
  expect(body).toContain('parley_log_entries_total{type="channel.create"} 1\n');
  expect(body).toMatch(/^parley_node\{node="[\w-]+"\} 1$/m);
  for (const name of [
    'process_cpu_seconds_total',
    'process_resident_memory_bytes',
    'parley_sockets',
    'parley_cache_misses_total',
    'parley_bus_published_total',
    'parley_presence_here',
    'parley_presence_stale',
    'parley_presence_beats_total',
  ])
    expect(body).toMatch(new RegExp(`^${name} [\\d.e+-]+$`, 'm'));
  const sample = /^(?:# (?:HELP|TYPE) [a-z_]+ .+|[a-z_]+(?:\{(?:[a-z]+="[^"]*",?)+\})? (?:[\d.e+-]+|NaN))$/;
  expect(
    body
      .trimEnd()
      .split('\n')
      .filter((line) => !sample.test(line)),
  ).toEqual([]);
});

test(
  'a node is ready while it has its database, and says so again when it comes back',
  { timeout: 120_000 },
  async () => {
    await using postgres = await startPostgres();
    await using world = await openTestHub('embedded', { env: { DATABASE_URL: postgres.url } });
    const { token } = await world.user('ann');
    const ready = async () => (await inject(world.hub, 'GET', '/readyz')).json<object>();
    expect(await ready()).toEqual({ status: 'ready', reasons: [] });
    await postgres.kill();
    await until(async () => (await inject(world.hub, 'GET', '/readyz')).statusCode === 503, {
      what: 'it is not ready',
    });
    expect(await ready()).toEqual({ status: 'unavailable', reasons: ['the database does not answer'] });
    expect((await inject(world.hub, 'GET', '/healthz')).statusCode).toBe(200);
    // Not 401: who is signed in must not be told that they are not.
    const response = await world.ask('GET', '/me', { token });
    expect(response.json()).toMatchObject({ code: 'UNAVAILABLE', retryable: true });
    expect(response.headers['retry-after']).toBe('1');
    await postgres.restart({ data: 'keep' });
    await until(async () => (await inject(world.hub, 'GET', '/readyz')).statusCode === 200, {
      what: 'it is ready',
    });
    await until(async () => (await world.ask('GET', '/me', { token })).statusCode === 200, {
      what: 'it answers',
    });
  },
);

test(
  'a node that ends is not ready, finishes what is under way, and takes nothing more',
  patience,
  async () => {
    await using world = await openTestHub('postgres');
    const { hub } = world;
    const { token, id } = await world.user('ann');
    const address = await hub.listen();
    const held = Promise.withResolvers<void>();
    const begun = Promise.withResolvers<void>();
    const holding = hub.parley.database.transaction(async (session) => {
      const kysely = hub.tables.kysely<Tables>(session);
      await kysely.selectFrom('users').select('id').where('id', '=', id).forUpdate().execute();
      begun.resolve();
      await held.promise;
    });
    await begun.promise;
    const underWay = fetch(`${address}/api/v1/me`, {
      method: 'PATCH',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ bio: 'kept' }),
    });
    await until(async () => (await world.waiting()) === 1, { what: 'the request waits for the row' });
    const closing = hub.close();
    const draining = await fetch(`${address}/readyz`).catch(() => undefined);
    expect([503, undefined]).toContain(draining?.status);
    held.resolve();
    await holding;
    const response = await underWay;
    expect(await response.json()).toMatchObject({ bio: 'kept' });
    await closing;
    await expect(fetch(`${address}/healthz`)).rejects.toThrow('fetch failed');
  },
);
