import { postgresConfigFromUrl } from '@parley/adapter-postgres';
import { z } from 'zod';
import { parsed, seconds, variable } from './fields.ts';
import { mode } from './mode.ts';
import { Secret } from './secret.ts';
import { hideCredentials } from './shown.ts';

export const adapterChoices = ['auto', 'redis', 'database', 'memory'] as const;

const databaseUrl = parsed((text) => {
  postgresConfigFromUrl(text);
  return new Secret(text, hideCredentials(text));
});

const names = parsed((text) => text.split(',').map((name) => name.trim()));

/** What decides where things are kept. */
export const placeVariables = {
  NODE_ENV: variable(mode, {
    what: 'Which adapters `auto` takes, and whether tests are kept apart',
    allowed:
      'production, development or test; another name counts as development, unless it looks like one of these',
    otherwise: '`development`',
  }),
  CACHE_ADAPTER: variable(z.enum(adapterChoices), {
    what: 'Where the cache keeps its entries; `database` is the Postgres of `DATABASE_URL`, or else the embedded one of `DATA_DIR`',
    allowed: `one of ${adapterChoices.join(', ')}`,
    otherwise: '`auto`, by the table above',
  }),
  DATABASE_URL: variable(databaseUrl, {
    what: 'The Postgres server. A primary and its standbys are `host:port,host:port`: whichever takes writes is found',
    allowed: 'postgres://user:password@host:port/database',
    otherwise: 'no Postgres server; the embedded one where a database is needed',
    visibility: 'url',
  }),
  DATA_DIR: variable(z.string(), {
    what: 'The folder of the embedded Postgres. One process at a time can have it',
    allowed: 'the path of a folder',
    otherwise: 'the embedded Postgres keeps its data in memory',
  }),
  PARLEY_CONFIG: variable(z.string(), {
    what: 'A file with further configuration; see [below](#a-file). What the environment says counts more',
    allowed: 'the path of a YAML file',
    otherwise: 'none',
  }),
  PARLEY_IGNORE: variable(names, {
    what: 'Variables that look like misspelt ones of Parley, but belong to somebody else',
    allowed: 'names separated by commas',
    otherwise: 'none',
  }),
};

const ttl = (what: string, otherwise: string) =>
  variable(seconds, {
    what,
    allowed: 'a number of seconds above 0, or a text such as 90s, 5m, 1.5h',
    otherwise,
  });

/** How long entries live. */
export const lifetimeVariables = {
  CACHE_DEFAULT_TTL: ttl('How long an entry lives when its call does not say', 'that of `medium`'),
  REDIS_TTL_SHORT: ttl("What `ttl: 'short'` means, on every adapter", '300'),
  REDIS_TTL_MEDIUM: ttl("What `ttl: 'medium'` means, on every adapter", '3600'),
  REDIS_TTL_LONG: ttl("What `ttl: 'long'` means, on every adapter", '86400'),
};
