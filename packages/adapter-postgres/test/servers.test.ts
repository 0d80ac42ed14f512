import { StoreUnavailable } from '@parley/cache-core/kernel';
import { expect, test } from 'vitest';
import { Servers } from '../src/servers.ts';

const a = { host: 'a', port: 1 };
const b = { host: 'b', port: 2 };
const c = { host: 'c', port: 3 };

const refused = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
const standby = new StoreUnavailable('Postgres: this server is a standby');
const wrongPassword = Object.assign(new Error('no'), { code: '28P01', severity: 'FATAL' });
const crowded = new Error('timeout exceeded when trying to connect');

test('one server after the other is asked, in a circle, and who is found stays', () => {
  const servers = new Servers(a, [b, c]);
  expect(servers.count).toBe(3);
  for (const next of [b, c, a]) {
    expect(servers.leave(servers.current, refused)).toBe(true);
    expect(servers.current).toBe(next);
  }
  expect(servers.leave(a, standby)).toBe(true);
  expect(servers.current).toBe(b);
});

test('of several who fail at the same one, the first goes on', () => {
  const servers = new Servers(a, [b, c]);
  for (let i = 0; i < 3; i++) expect(servers.leave(a, refused)).toBe(true);
  expect(servers.current).toBe(b);
});

test('what another server would not change is told at once', () => {
  const servers = new Servers(a, [b]);
  expect(servers.leave(a, wrongPassword)).toBe(false);
  expect(servers.current).toBe(a);
  expect(new Servers(a, []).leave(a, refused)).toBe(false);
});

test('connections that are all lent out say nothing of the server', () => {
  const servers = new Servers(a, [b]);
  expect(servers.leave(a, crowded)).toBe(true);
  expect(servers.current).toBe(a);
});
