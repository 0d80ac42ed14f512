import type { LightMyRequestResponse } from 'fastify';
import { expect, test } from 'vitest';
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
  const { headers, body } = await inject(world.hub, 'GET', '/metrics');
  expect(headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8');
  expect(body).toContain('parley_http_request_seconds_count{route="readMe",status="200"} 1\n');
  expect(body).toContain('parley_http_request_seconds_count{route="readMe",status="401"} 1\n');
  for (const name of [
    'process_cpu_seconds_total',
    'process_resident_memory_bytes',
    'parley_sockets',
    'parley_cache_misses_total',
    'parley_bus_published_total',
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

test('a node is ready while it has its database, and not while it ends', patience, async () => {
  const world = await openTestHub('postgres');
  try {
    const { hub } = world;
    expect((await inject(hub, 'GET', '/readyz')).json()).toEqual({ status: 'ready', reasons: [] });
    const address = await hub.listen();
    const response = await fetch(`${address}/healthz`);
    expect(await response.json()).toEqual({ status: 'up' });
  } finally {
    const closing = world.hub.close();
    const ready = await inject(world.hub, 'GET', '/readyz').catch(() => undefined);
    if (ready !== undefined) expect([503]).toContain(ready.statusCode);
    await closing;
    await world[Symbol.asyncDispose]();
  }
});
