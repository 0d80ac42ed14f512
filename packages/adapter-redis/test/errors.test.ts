import { isParleyError } from '@parley/cache-core/kernel';
import { ReplyError } from 'ioredis';
import { describe, expect, test } from 'vitest';
import { asStoreError } from '../src/errors.ts';

const source = { what: 'write', server: 'redis.local:6379', username: undefined };

function reply(message: string, name = 'set', args: readonly string[] = []): Error {
  const error: unknown = new ReplyError(message);
  if (!(error instanceof Error)) throw new TypeError('the driver throws errors');
  return Object.assign(error, { command: { name, args } });
}

describe('what passes is StoreUnavailable', () => {
  test.each([
    reply('LOADING Redis is loading the dataset in memory'),
    reply('CLUSTERDOWN The cluster is down'),
    reply('TRYAGAIN Multiple keys request during rehashing of slot'),
    reply("READONLY You can't write against a read only replica."),
    reply("MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'."),
    reply("OOM command not allowed when used memory > 'maxmemory'."),
    reply('MISCONF Redis is configured to save RDB snapshots, but it cannot'),
    reply('NOREPLICAS Not enough good replicas to write.'),
    reply('BUSY Redis is busy running a script.'),
    reply('ERR max number of clients reached'),
    new Error('Too many Cluster redirections. Last error: ReplyError: CLUSTERDOWN The cluster is down'),
    new Error('Connection is closed.'),
    Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:1'), { code: 'ECONNREFUSED' }),
  ])('%s', (error) => {
    const mapped = asStoreError(error, source);
    expect(isParleyError(mapped, 'STORE_UNAVAILABLE')).toBe(true);
    expect(mapped).toMatchObject({ retryable: true, cause: error });
    expect(mapped.message).toContain('redis.local:6379 could not write');
  });
});

describe('what stays is StoreFault', () => {
  test.each([
    reply('WRONGTYPE Operation against a key holding the wrong kind of value'),
    reply("ERR wrong number of arguments for 'set' command"),
    reply('CROSSSLOT Keys in request do not hash to the same slot'),
    Object.assign(new Error('self-signed certificate'), { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' }),
    new TypeError('undefined is not a function'),
  ])('%s', (error) => {
    const mapped = asStoreError(error, source);
    expect(isParleyError(mapped, 'STORE_FAULT')).toBe(true);
    expect(mapped).toMatchObject({ retryable: false, cause: error });
  });
});

test('full memory is told as what it is', () => {
  expect(asStoreError(reply('OOM command not allowed'), source).message).toMatch(
    /memory is full.*maxmemory-policy/,
  );
});

test('a refused user is named, with the command', () => {
  const user = { ...source, username: 'ann' };
  expect(
    asStoreError(reply("NOPERM User ann has no permissions to run the 'set' command"), user).message,
  ).toBe('Redis at redis.local:6379, user "ann": may not write, the command "set" is not allowed by its ACL');
  expect(
    asStoreError(
      reply('NOPERM this user has no permissions to access one of the keys used as arguments', 'mget'),
      user,
    ).message,
  ).toBe(
    'Redis at redis.local:6379, user "ann": may not write, the keys of "mget" are not allowed by its ACL',
  );
  expect(
    asStoreError(reply('WRONGPASS invalid username-password pair or user is disabled.', 'hello'), user)
      .message,
  ).toBe(
    'Redis at redis.local:6379, user "ann": not admitted, the password is wrong or the user is disabled (WRONGPASS)',
  );
  expect(asStoreError(reply('NOAUTH Authentication required.'), source).message).toContain(
    'user "default": not admitted, a password is needed',
  );
});

test('neither values nor passwords are told, nor kept on the cause', () => {
  const errors = [
    reply('WRONGPASS invalid username-password pair', 'hello', ['3', 'AUTH', 'ann', 'hunter2']),
    reply("ERR unknown command 'FOO', with args beginning with: 'hunter2'", 'foo', ['hunter2']),
    Object.assign(new Error('Failed to refresh slots cache.'), {
      lastNodeError: reply('WRONGPASS invalid', 'hello', ['3', 'AUTH', 'ann', 'hunter2']),
    }),
  ];
  for (const error of errors) {
    const mapped = asStoreError(error, source);
    expect(mapped.message).not.toContain('hunter2');
    expect(
      JSON.stringify(Reflect.get(error, 'command') ?? Reflect.get(error, 'lastNodeError')),
    ).not.toContain('hunter2');
  }
});

test('an error of ours stays as it is', () => {
  const own = asStoreError(new Error('Connection is closed.'), source);
  expect(asStoreError(own, source)).toBe(own);
});
