import type { RedisConfig } from '@parley/adapter-redis';
import type { RedisTarget } from './config.ts';
import type { Address } from './fields.ts';
import type { Problems } from './problems.ts';
import { Secret } from './secret.ts';

/** What the variables of one Redis say. */
export interface Access {
  readonly prefix: 'REDIS' | 'CHAT_REDIS';
  readonly url: RedisConfig | undefined;
  readonly host: string | undefined;
  readonly port: number | undefined;
  readonly username: string | undefined;
  readonly password: Secret | undefined;
  readonly db: number | undefined;
  readonly tls: boolean | undefined;
  readonly sentinels?: readonly Address[] | undefined;
  readonly sentinelName?: string | undefined;
  readonly sentinelPassword?: Secret | undefined;
  readonly nodes?: readonly Address[] | undefined;
}

/** Where a Redis is, said in one way. */
export interface Place {
  readonly mode: RedisTarget['mode'];
  readonly addresses: readonly Address[];
  readonly masterName?: string | undefined;
  readonly db?: number | undefined;
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  readonly tls?: boolean | undefined;
}

/** Where the Redis is that the variables speak of, or else the one of `fallback`; undefined where nothing says it. */
export function redisTarget(access: Access, problems: Problems, fallback?: Place): RedisTarget | undefined {
  checkWays(access, problems);
  const place = placeOf(access) ?? fallback;
  checkSentinels(access, place, problems);
  if (place === undefined) return undefined;
  if (place.mode === 'cluster' && (access.db ?? 0) > 0) {
    problems.add(`${access.prefix}_DB`, 'must be 0 or left out: a cluster has one database');
  }
  return {
    mode: place.mode,
    addresses: place.addresses,
    masterName: access.sentinelName ?? place.masterName,
    db: access.db ?? place.db ?? 0,
    username: access.username ?? place.username,
    password: access.password ?? (place.password === undefined ? undefined : new Secret(place.password)),
    sentinelPassword: access.sentinelPassword,
    tls: access.tls ?? place.tls ?? false,
  };
}

/** The ways in which the variables say where Redis is. */
export function waysOf({ prefix, url, host, sentinels, nodes }: Access): string[] {
  return [
    ...(url === undefined ? [] : [`${prefix}_URL`]),
    ...(host === undefined ? [] : [`${prefix}_HOST`]),
    ...(sentinels === undefined ? [] : [`${prefix}_SENTINELS`]),
    ...(nodes === undefined ? [] : [`${prefix}_CLUSTER_NODES`]),
  ];
}

function placeOf({ url, host, port = 6379, sentinels, nodes }: Access): Place | undefined {
  if (url !== undefined) return placeOfUrl(url);
  if (host !== undefined) return { mode: 'standalone', addresses: [{ host, port }] };
  if (sentinels !== undefined) return { mode: 'sentinel', addresses: sentinels };
  return nodes && { mode: 'cluster', addresses: nodes };
}

function placeOfUrl(url: RedisConfig): Place {
  const { username, password } = url;
  const common = { username, password, tls: url.tls === true };
  if (url.mode === 'cluster') return { ...common, mode: url.mode, addresses: withPort(url.nodes, 6379) };
  if (url.mode === 'sentinel') {
    const { mode, sentinels, name, db } = url;
    return { ...common, mode, addresses: withPort(sentinels, 26_379), masterName: name, db };
  }
  return { ...common, mode: url.mode, addresses: withPort([url], 6379), db: url.db };
}

function withPort(
  list: readonly { host: string; port?: number | undefined }[],
  port: number,
): readonly Address[] {
  return list.map((address) => ({ host: address.host, port: address.port ?? port }));
}

function checkWays(access: Access, problems: Problems): void {
  const [first, ...others] = waysOf(access);
  const url = access.url && placeOfUrl(access.url);
  for (const other of others) {
    if (other === `${access.prefix}_HOST` && url?.mode === 'standalone') continue;
    problems.add(other, `contradicts ${first}: each says where Redis is, leave one of them out`);
  }
  if (url !== undefined) checkAgainstUrl(access, url, problems);
}

function checkAgainstUrl(access: Access, url: Place, problems: Problems): void {
  const [address] = url.addresses;
  const said = (name: string, value: unknown, inUrl: unknown): void => {
    if (value === undefined || inUrl === undefined || value === inUrl) return;
    problems.add(`${access.prefix}_${name}`, `contradicts ${access.prefix}_URL: leave one of the two out`);
  };
  if (url.mode === 'standalone') said('HOST', access.host?.toLowerCase(), address?.host.toLowerCase());
  said('PORT', access.port, url.mode === 'standalone' ? address?.port : 'several');
  said('USERNAME', access.username, url.username);
  said('PASSWORD', access.password?.reveal(), url.password);
  said('DB', access.db, url.db);
  said('TLS', access.tls, url.tls);
  said('SENTINEL_NAME', access.sentinelName, url.masterName);
}

function checkSentinels(access: Access, place: Place | undefined, problems: Problems): void {
  const { prefix, sentinelName, sentinelPassword } = access;
  if (place?.mode === 'sentinel') {
    if (place.masterName === undefined && sentinelName === undefined) {
      problems.add(`${prefix}_SENTINELS`, `needs ${prefix}_SENTINEL_NAME, under which they know the master`);
    }
    return;
  }
  // What would have said where they are could not be understood, and that is told already.
  if (problems.has(`${prefix}_SENTINELS`) || problems.has(`${prefix}_URL`)) return;
  for (const [name, value] of [
    ['SENTINEL_NAME', sentinelName],
    ['SENTINEL_PASSWORD', sentinelPassword],
  ] as const) {
    if (value !== undefined) problems.add(`${prefix}_${name}`, `means nothing without ${prefix}_SENTINELS`);
  }
}
