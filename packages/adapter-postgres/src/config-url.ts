import { readFileSync } from 'node:fs';
import { InvalidArgument } from '@parley/cache-core/kernel';
import type { PostgresTls } from './config-tls.ts';
import type { PostgresAddress } from './config.ts';

/** What a connection string says. */
export interface UrlParts {
  host?: string;
  port?: number;
  standbys?: PostgresAddress[];
  user?: string;
  password?: string;
  database?: string;
  tls?: boolean | PostgresTls;
  channelBinding?: boolean;
  applicationName?: string;
  connectTimeout?: number;
  options?: string;
}

const known =
  'sslmode sslrootcert sslcert sslkey application_name connect_timeout channel_binding target_session_attrs options host'.split(
    ' ',
  );

/**
 * Reads a connection string by the rules of libpq, as far as they can be kept. What cannot be honoured is refused, never ignored: a
 * parameter that does nothing is a surprise in production. No message contains any part of the string but the name of a parameter.
 */
export function readUrl(text: string): UrlParts {
  const [url, ...standbys] = parse(text);
  const parameters = url.searchParams;
  for (const name of parameters.keys()) {
    if (!known.includes(name))
      throw new InvalidArgument('url', `without parameters besides ${known.join(', ')}`, name);
  }
  const parts: UrlParts = {};
  const said = parameters.get('host');
  if (said !== null && (said.includes(',') || standbys.length > 0))
    throw new InvalidArgument('url parameter host', 'one host: several are host:port,host:port', said);
  Object.assign(parts, addressOf(url), said !== null && { host: hostOf(said) });
  if (standbys.length > 0) parts.standbys = standbys.map((standby) => ({ host: '', ...addressOf(standby) }));
  if (url.username !== '') parts.user = decode(url.username);
  if (url.password !== '') parts.password = decode(url.password);
  if (url.pathname.length > 1) parts.database = decode(url.pathname.slice(1));
  return { ...parts, ...readParameters(parameters) };
}

/** Stands in for a host that the URL leaves out, as in `postgres:///app`. */
const placeholder = 'host.invalid';

/** The URL with the first of its hosts, and one with nothing else for each of the others. */
function parse(text: string): [URL, ...URL[]] {
  const [, before, hosts = '', behind = ''] =
    (typeof text === 'string' && /^(postgres(?:ql)?:\/\/(?:[^@/?#]*@)?)([^/?#]*)(.*)$/s.exec(text)) || [];
  if (before !== undefined) {
    const [first = '', ...others] = hosts === '' ? [placeholder] : hosts.split(',');
    const url = first === '' ? null : URL.parse(`${before}${first}${behind}`);
    const rest = others.map((other) => (/^$|@/.test(other) ? null : URL.parse(`postgres://${other}`)));
    if (url !== null && rest.every((other) => other !== null)) return [url, ...rest];
  }
  throw new InvalidArgument('url', 'a text such as postgres://user:password@host:5432/database', '***');
}

function addressOf({ hostname, port }: URL): Partial<PostgresAddress> {
  const host = hostOf(decode(hostname));
  return { ...(host !== undefined && { host }), ...(port !== '' && { port: Number(port) }) };
}

function hostOf(host: string): string | undefined {
  return host === '' || host === placeholder ? undefined : host.replace(/^\[(.+)\]$/, '$1');
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new InvalidArgument('url', 'percent-encoded where it has special characters', '***');
  }
}

function readParameters(parameters: URLSearchParams): UrlParts {
  const parts: UrlParts = {};
  const tls = readSslMode(parameters);
  if (tls !== undefined) parts.tls = tls;
  const name = parameters.get('application_name');
  if (name !== null) parts.applicationName = name;
  const options = parameters.get('options');
  if (options !== null) parts.options = options;
  const timeout = parameters.get('connect_timeout');
  if (timeout !== null) {
    if (!/^\d{1,6}$/.test(timeout)) throw refused('connect_timeout', 'a whole number of seconds', timeout);
    // For libpq 0 means for ever, which nothing here waits.
    if (Number(timeout) > 0) parts.connectTimeout = Number(timeout);
  }
  const binding = parameters.get('channel_binding');
  if (binding !== null) {
    if (!['disable', 'prefer', 'require'].includes(binding))
      throw refused('channel_binding', 'disable, prefer or require', binding);
    // The driver cannot insist on it; with a verified certificate it adds little.
    parts.channelBinding = binding !== 'disable';
  }
  const target = parameters.get('target_session_attrs');
  if (target !== null && !['read-write', 'primary', 'any'].includes(target)) {
    throw refused(
      'target_session_attrs',
      'read-write, primary or any: a standby cannot keep a cache',
      target,
    );
  }
  return parts;
}

/**
 * Every mode that asks for TLS verifies the server: what is encrypted for a stranger is not safe. `no-verify` says so in as many words.
 */
function readSslMode(parameters: URLSearchParams): boolean | PostgresTls | undefined {
  const mode = parameters.get('sslmode');
  const files: PostgresTls = {
    ...readPem(parameters, 'sslrootcert', 'ca'),
    ...readPem(parameters, 'sslcert', 'cert'),
    ...readPem(parameters, 'sslkey', 'key'),
  };
  const bare = Object.keys(files).length === 0;
  switch (mode) {
    case null:
      return bare ? undefined : files;
    case 'disable':
      return false;
    case 'require':
    case 'verify-ca':
    case 'verify-full':
      return bare ? true : files;
    case 'no-verify':
      return { ...files, verify: false };
    default:
      throw refused('sslmode', 'disable, require, verify-ca, verify-full or no-verify', mode);
  }
}

function readPem(
  parameters: URLSearchParams,
  parameter: string,
  name: 'ca' | 'cert' | 'key',
): { readonly [N in typeof name]?: string } {
  const file = parameters.get(parameter);
  // The authorities of the system are what Node trusts anyway.
  if (file === null || file === 'system') return {};
  try {
    return { [name]: readFileSync(file, 'utf8') };
  } catch {
    throw refused(parameter, 'a file that can be read', file);
  }
}

function refused(parameter: string, expected: string, value: string): InvalidArgument {
  return new InvalidArgument(`url parameter ${parameter}`, expected, value);
}
