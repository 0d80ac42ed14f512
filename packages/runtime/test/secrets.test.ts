import { inspect } from 'node:util';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { isParleyError } from '@parley/cache-core/kernel';
import { ConfigError, lineLogger, readConfig, Secret, selectAdapters } from '@parley/runtime';
import { readFrom } from './support/config.ts';

/** Long enough never to occur by accident, with all that is special in URLs, JSON and regular expressions. */
const secrets = fc
  .string({ unit: fc.constantFrom(...'abcXYZ019@/:?#%&=+$ .*"\'\\'.split('')), minLength: 1, maxLength: 12 })
  .map((tail) => `hUnTeR2${tail}`);

const sloppyUrls = (secret: string): string[] => [
  `redis://:${secret}@h`,
  `redis://u:${encodeURIComponent(secret)}@h:1/0`,
  `redis:/u:${secret}@h`,
  `redis://u:${secret}`,
  `${secret}@h:6379`,
  `${secret}://h:6379`,
  `${secret}://u@h:6379`,
  `redis://h?password=${secret}`,
  `redis+sentinel://:${secret}@a,b/main`,
  `http://x:${secret}@h/x@y`,
];

interface Case {
  readonly env: Readonly<Record<string, string>>;
  readonly file: string;
}

/** Nothing wrong with it. */
const properly = secrets.map((secret): Case => {
  const encoded = encodeURIComponent(secret);
  const env = {
    REDIS_URL: `redis://:${encoded}@h`,
    REDIS_PASSWORD: secret,
    CHAT_REDIS_HOST: 'c',
    CHAT_REDIS_PASSWORD: secret,
    DATABASE_URL: `postgres://u:${encoded}@h/d?application_name=x`,
    REDIS_POOL_MAX: '1',
  };
  return { env, file: '' };
});

const sloppily = secrets.chain((secret) => {
  const url = fc.constantFrom(...sloppyUrls(secret));
  const password = fc.constant(secret);
  const wrong = fc.constantFrom('x y', '-1', 'redis');
  const some = fc.record(
    {
      REDIS_URL: url,
      REDIS_URI: url,
      CHAT_REDIS_URL: url,
      REDIS_PASSWORD: password,
      REDIS_PASWORD: password,
      REDIS_PASS: password,
      REDIS_AUTH: password,
      REDIS_SENTINEL_PASSWORD: password,
      REDIS_SENTINEL_PASWORD: password,
      CHAT_REDIS_PASSWORD: password,
      DATABASE_URL: url.map((text) => text.replace('redis', 'postgres')),
      DATABSE_URL: url,
      REDIS_HOST: fc.constantFrom(`u:${secret}@h`, 'h'),
      REDIS_PORT: wrong,
      CACHE_ADAPTER: wrong,
      PARLEY_CONFIG: fc.constant('f'),
    },
    { requiredKeys: [] },
  );
  const file = fc.constantFrom(
    `cache-layer: { connection: { host: h, password: ${JSON.stringify(secret)} } }`,
    `cache-layer: { connection: { host: h }, password: ${JSON.stringify(secret)} }`,
    `cache-layer: { connection: { host: h } }`,
    `storage: [ ${JSON.stringify(secret)}`,
  );
  return fc.record({ env: some, file });
});

it('no secret is in an error, a config, a log line or the console, however sloppily it was given', () => {
  const outcomes = new Set<string>();
  fc.assert(
    fc.property(fc.oneof(properly, sloppily), ({ env, file }) => {
      const shown: unknown[] = [];
      try {
        const config = readConfig(env, { readFile: readFrom({ f: file }) });
        outcomes.add('config');
        shown.push(config, selectAdapters(config));
      } catch (error) {
        if (!(error instanceof ConfigError)) throw error;
        outcomes.add('error');
        shown.push(error, error.message, error.problems, error.stack);
      }
      const lines: string[] = [];
      lineLogger({ write: (line) => void lines.push(line) }).error({ shown }, 'shown');
      const printed = [
        ...shown.flatMap((what) => [inspect(what, { depth: 9 }), JSON.stringify(what), String(what)]),
        ...lines,
      ];
      for (const text of printed) expect(text).not.toMatch(/hUnTeR2/i);
    }),
    { numRuns: 2_000 },
  );
  expect([...outcomes].sort()).toEqual(['config', 'error']);
});

it('a secret is handed over by reveal and by nothing else', () => {
  const secret = new Secret('hunter2');
  expect(secret.reveal()).toBe('hunter2');
  const printed = [
    String(secret),
    JSON.stringify({ secret }),
    inspect({ secret }),
    JSON.stringify(Object.entries(secret)),
  ];
  expect(printed).toEqual(['***', '{"secret":"***"}', '{ secret: *** }', '[]']);
  expect(String(new Secret('postgres://u:p@h/d', 'postgres://***@h/d'))).toBe('postgres://***@h/d');
});

it('the error is one of Parley, with its code, and lists its problems in JSON', () => {
  const problems = [
    {
      variable: 'CACHE_ADAPTER',
      message: 'CACHE_ADAPTER ("x") must be one of auto, redis, database, memory',
    },
    { variable: 'REDIS_PORT', message: 'REDIS_PORT ("y") must be a whole number from 1 to 65535' },
  ];
  const error = new ConfigError(problems);
  expect(() => readConfig({ CACHE_ADAPTER: 'x', REDIS_PORT: 'y' })).toThrow(error);
  expect(isParleyError(error, 'INVALID_CONFIG')).toBe(true);
  expect(error).toMatchObject({ name: 'ConfigError', retryable: false, problems });
  expect(JSON.parse(JSON.stringify(error))).toMatchObject({
    code: 'INVALID_CONFIG',
    evidence: { variables: 'CACHE_ADAPTER, REDIS_PORT' },
    problems,
  });
});
