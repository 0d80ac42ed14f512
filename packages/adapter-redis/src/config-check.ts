import type { ConnectionOptions } from 'node:tls';
import { InvalidArgument, parseDuration, requireInteger } from '@parley/cache-core/kernel';
import type { RedisAddress, RedisConfig, RedisTls } from './config.ts';
import { defaultPrefix, requirePrefix } from './keys.ts';

export interface Address {
  readonly host: string;
  readonly port: number;
}

type NatMap = Readonly<Record<string, Address>>;

/** A config without a doubt left: checked, complete, in milliseconds. Holds secrets: never to be shown. */
export interface Settings {
  readonly mode: RedisConfig['mode'];
  /** Of the server, the Sentinels or the nodes. */
  readonly addresses: readonly Address[];
  readonly masterName: string | undefined;
  readonly db: number;
  readonly username: string | undefined;
  readonly password: string | undefined;
  readonly tls: ConnectionOptions | undefined;
  readonly sentinelUsername: string | undefined;
  readonly sentinelPassword: string | undefined;
  readonly sentinelTls: ConnectionOptions | undefined;
  readonly natMap: NatMap | undefined;
  readonly prefix: string;
  readonly connectionName: string;
  readonly connectTimeoutMs: number;
  readonly responseTimeoutMs: number;
  readonly reconnectIntervalMs: number;
}

const common = [
  'mode',
  'username',
  'password',
  'tls',
  'prefix',
  'connectionName',
  'connectTimeout',
  'responseTimeout',
  'reconnectInterval',
];
const sentinelOnly = [
  'sentinels',
  'name',
  'db',
  'sentinelUsername',
  'sentinelPassword',
  'sentinelTls',
  'natMap',
];
const fieldsOf = {
  standalone: [...common, 'host', 'port', 'db'],
  sentinel: [...common, ...sentinelOnly],
  cluster: [...common, 'nodes', 'natMap'],
};
const tlsFields = ['ca', 'cert', 'key', 'passphrase', 'servername', 'rejectUnauthorized'];

/** Throws `InvalidArgument` with the name of the field at fault; never with a secret. */
export function checkConfig(config: RedisConfig): Settings {
  if (typeof config !== 'object' || config === null) throw new InvalidArgument('config', 'an object', config);
  const { mode } = config;
  if (!Object.hasOwn(fieldsOf, mode)) {
    throw new InvalidArgument('mode', `one of ${Object.keys(fieldsOf).join(', ')}`, mode);
  }
  refuseUnknown('', config, fieldsOf[mode]);
  const tls = tlsOptions('tls', config.tls);
  const sentinel = config.mode === 'sentinel' ? config : undefined;
  return {
    mode,
    addresses: addressesOf(config),
    masterName: sentinel && requireText('name', sentinel.name),
    db: config.mode === 'cluster' ? 0 : requireInteger('db', config.db ?? 0, 0, 65_535),
    username: optionalSecret('username', config.username),
    password: optionalSecret('password', config.password),
    tls,
    sentinelUsername: optionalSecret('sentinelUsername', sentinel?.sentinelUsername),
    sentinelPassword: optionalSecret('sentinelPassword', sentinel?.sentinelPassword),
    sentinelTls: sentinel?.sentinelTls === undefined ? tls : tlsOptions('sentinelTls', sentinel.sentinelTls),
    natMap: config.mode === 'standalone' ? undefined : checkNatMap(config.natMap),
    prefix: requirePrefix('prefix', config.prefix ?? defaultPrefix),
    connectionName: requireConnectionName(config.connectionName ?? 'parley'),
    connectTimeoutMs: parseDuration(config.connectTimeout ?? '5s', { field: 'connectTimeout', min: 10 }),
    responseTimeoutMs: parseDuration(config.responseTimeout ?? '2s', { field: 'responseTimeout', min: 10 }),
    reconnectIntervalMs: parseDuration(config.reconnectInterval ?? '100ms', {
      field: 'reconnectInterval',
      min: 1,
    }),
  };
}

function addressesOf(config: RedisConfig): Address[] {
  if (config.mode === 'standalone') return [checkAddress('', config, 6379)];
  if (config.mode === 'sentinel') return checkAddresses('sentinels', config.sentinels, 26_379);
  return checkAddresses('nodes', config.nodes, 6379);
}

function checkAddresses(field: string, list: readonly RedisAddress[], port: number): Address[] {
  if (!Array.isArray(list) || list.length === 0)
    throw new InvalidArgument(field, 'a list of at least one address', list);
  return list.map((address: RedisAddress, i) => checkAddress(`${field}[${i}].`, address, port));
}

function checkAddress(path: string, { host, port = 0 }: RedisAddress, defaultPort: number): Address {
  return {
    host: requireText(`${path}host`, host),
    port: port === 0 ? defaultPort : requireInteger(`${path}port`, port, 1, 65_535),
  };
}

function checkNatMap(map: Readonly<Record<string, RedisAddress>> | undefined): NatMap | undefined {
  if (map === undefined) return undefined;
  if (typeof map !== 'object' || map === null) throw new InvalidArgument('natMap', 'an object', map);
  return Object.fromEntries(
    Object.entries(map).map(([from, to]) => [
      from,
      checkAddress(`natMap[${JSON.stringify(from)}].`, to, 6379),
    ]),
  );
}

function tlsOptions(field: string, tls: boolean | RedisTls | undefined): ConnectionOptions | undefined {
  if (tls === undefined || tls === false) return undefined;
  if (tls === true) return {};
  if (typeof tls !== 'object' || tls === null)
    throw new InvalidArgument(field, 'true, false or an object', tls);
  refuseUnknown(`${field}.`, tls, tlsFields);
  if ((tls.cert === undefined) !== (tls.key === undefined)) {
    throw new InvalidArgument(
      `${field}.${tls.cert === undefined ? 'cert' : 'key'}`,
      'given, as its counterpart is',
      undefined,
    );
  }
  const { ca, ...rest } = tls;
  return {
    ...Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined)),
    ...(ca !== undefined && { ca: typeof ca === 'string' ? ca : [...ca] }),
  };
}

/** The value is not told: what stands under a misspelt name may be a password. */
function refuseUnknown(path: string, given: object, known: readonly string[]): void {
  for (const name of Object.keys(given)) {
    if (known.includes(name)) continue;
    throw new InvalidArgument(
      `${path}${name}`,
      `left out (known are ${known.join(', ')})`,
      typeof Reflect.get(given, name),
    );
  }
}

function requireText(field: string, value: unknown): string {
  if (typeof value === 'string' && value.trim() !== '') return value;
  throw new InvalidArgument(field, 'a text that is not empty', value);
}

function requireConnectionName(name: unknown): string {
  // Redis refuses spaces in the name of a connection.
  if (typeof name === 'string' && /^[\w.:-]{1,64}$/.test(name)) return name;
  throw new InvalidArgument('connectionName', '1 to 64 letters, digits, "_", ".", ":" or "-"', name);
}

function optionalSecret(field: string, value: unknown): string | undefined {
  if (value === undefined || (typeof value === 'string' && value !== '')) return value;
  throw new InvalidArgument(field, 'left out, or a text that is not empty', value === '' ? '' : typeof value);
}
