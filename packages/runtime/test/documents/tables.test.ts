import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { aboutVariable, variableNames } from '../../src/environment.ts';
import { page, withTables } from './tables.ts';

it('the tables of the page on configuration are what the code says; `npm run docs -w @parley/runtime` writes them anew', () => {
  const text = readFileSync(page, 'utf8');
  expect(text).toBe(withTables(text));
});

it('every variable says what it is for, what is allowed, and what holds without it', () => {
  const silent = variableNames.filter((name) => {
    const { what, allowed, otherwise = '' } = aboutVariable(name);
    return [what, allowed, otherwise].includes('');
  });
  expect(silent).toEqual([]);
});

it('every variable of the source documents is known', () => {
  const documented = [
    'CACHE_ADAPTER CACHE_DEFAULT_TTL REDIS_URL REDIS_HOST REDIS_PORT REDIS_PASSWORD REDIS_DB REDIS_MAX_MEMORY REDIS_KEY_PREFIX',
    'REDIS_EVICTION_POLICY REDIS_TTL_SHORT REDIS_TTL_MEDIUM REDIS_TTL_LONG REDIS_POOL_MIN REDIS_POOL_MAX REDIS_ACQUIRE_TIMEOUT',
    'REDIS_CREATE_TIMEOUT REDIS_DESTROY_TIMEOUT REDIS_IDLE_TIMEOUT REDIS_REAP_INTERVAL REDIS_CREATE_RETRY_INTERVAL REDIS_TLS',
    'REDIS_SENTINEL_PASSWORD CHAT_REDIS_HOST CHAT_REDIS_PORT CHAT_REDIS_PASSWORD CHAT_REDIS_DB CHAT_REDIS_TLS NODE_ENV DATABASE_URL',
  ].flatMap((names) => names.split(' '));
  expect(documented.filter((name) => !variableNames.includes(name))).toEqual([]);
});
