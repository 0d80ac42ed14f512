import { InvalidArgument } from '@parley/cache-core/kernel';
import type { RedisAddress, RedisConfig } from './config.ts';

const grammar =
  /^redis(?<tls>s)?(?:\+(?<mode>sentinel|cluster))?:\/\/(?:(?<user>[^:@/?#]*)(?::(?<password>[^@/?#]*))?@)?(?<hosts>[^@/?#]+)(?:\/(?<path>[^?#]*))?$/;
const forms = [
  'redis://[user[:password]@]host[:port][/db]',
  'redis+sentinel://[user[:password]@]host[:port],.../name[/db]',
  'redis+cluster://[user[:password]@]host[:port],...',
].join(' or ');

/**
 * The config of a URL: `redis://` for one server, `redis+sentinel://` and `redis+cluster://` with several addresses; `rediss` for TLS.
 * User and password are percent-decoded. Everything else is set on the result: `{...redisConfigFromUrl(url), prefix: 'shop:'}`.
 */
export function redisConfigFromUrl(url: string): RedisConfig {
  const parts = typeof url === 'string' ? grammar.exec(url.trim())?.groups : undefined;
  if (parts === undefined)
    throw invalid(url, `of the form ${forms} (rediss for TLS; special characters percent-encoded)`);
  const { mode = 'standalone', hosts = '', path = '' } = parts;
  const addresses = hosts.split(',').map((host) => address(url, host));
  const access = {
    ...secret(url, 'username', parts['user']),
    ...secret(url, 'password', parts['password']),
    ...(parts['tls'] !== undefined && { tls: true }),
  };
  if (mode === 'cluster') {
    if (path !== '') throw invalid(url, 'without a path: a cluster has one database');
    return { mode, nodes: addresses, ...access };
  }
  if (mode === 'sentinel') {
    const [name = '', db = '', ...more] = path.split('/');
    if (name === '' || more.length > 0) throw invalid(url, 'of the form redis+sentinel://host,.../name[/db]');
    return { mode, sentinels: addresses, name: decode(url, 'name', name), ...access, ...database(url, db) };
  }
  const [only, ...others] = addresses;
  if (only === undefined || others.length > 0) {
    throw invalid(url, 'one address (several need redis+sentinel:// or redis+cluster://)');
  }
  return { mode: 'standalone', ...only, ...access, ...database(url, path) };
}

function address(url: string, text: string): RedisAddress {
  const { host, port } = /^(?<host>\[[\da-f:.]+\]|[^:[\]]+)(?::(?<port>\d{1,5}))?$/i.exec(text)?.groups ?? {};
  if (host === undefined) throw invalid(url, 'with addresses of the form host or host:port');
  return { host: host.replace(/^\[|\]$/g, ''), ...(port !== undefined && { port: Number(port) }) };
}

function database(url: string, text: string): { db?: number } {
  if (text === '') return {};
  if (!/^\d{1,5}$/.test(text)) throw invalid(url, 'with the number of a database behind the last "/"');
  return { db: Number(text) };
}

function secret<Name extends 'username' | 'password'>(
  url: string,
  name: Name,
  text: string | undefined,
): { [_ in Name]?: string } {
  if (text === undefined || text === '') return {};
  const secrets: { [_ in Name]?: string } = {};
  return { ...secrets, [name]: decode(url, name, text) };
}

function decode(url: string, what: string, text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw invalid(url, `with a percent-encoded ${what}`);
  }
}

/** Only the scheme is told: a URL that is not understood may have its password anywhere. */
function invalid(url: unknown, expected: string): InvalidArgument {
  const scheme = typeof url === 'string' ? /^[a-z+]{1,20}:\/\//i.exec(url.trim())?.[0] : undefined;
  return new InvalidArgument('url', expected, scheme === undefined ? typeof url : `${scheme}...`);
}
