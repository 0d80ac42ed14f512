import { randomBytes } from 'node:crypto';
import { BROKER_VARIABLE } from './shared-broker.ts';
import type { SharedAddress, SharedKindName } from './shared-kinds.ts';
import { isSharedAddress, sharedKinds } from './shared-kinds.ts';

/** Seen by all who share it, so it is not for faults: those need a server of one's own. */
export interface SharedRedis {
  readonly url: string;
  /** For all keys and channels of the caller; no two callers get the same. */
  readonly prefix: string;
}

export interface SharedRedisCluster {
  readonly urls: readonly string[];
  readonly prefix: string;
}

export interface SharedRedisSentinel {
  /** Of the Sentinels. */
  readonly urls: readonly string[];
  /** Of the master, as Sentinels know it. */
  readonly name: string;
  readonly prefix: string;
}

const found = new Map<SharedKindName, Promise<SharedAddress>>();

async function fromBroker(broker: string, kind: SharedKindName): Promise<SharedAddress> {
  const response = await fetch(`${broker}/${kind}`);
  const body: unknown = await response.json();
  if (response.ok && isSharedAddress(body)) return body;
  throw new Error(
    typeof body === 'object' && body !== null && 'message' in body
      ? String(body.message)
      : `the broker of shared servers answers ${response.status}`,
  );
}

async function find(kind: SharedKindName): Promise<SharedAddress> {
  const own = sharedKinds[kind];
  const urls = (process.env[own.variable] ?? '').split(',').filter((url) => url !== '');
  if (urls.length > 0) return { urls };
  const broker = process.env[BROKER_VARIABLE];
  return broker === undefined ? own.start() : fromBroker(broker, kind);
}

/** One server of a kind per test run; one per process where no run was set up, as in a script. */
export function sharedAddress(kind: SharedKindName): Promise<SharedAddress> {
  const known = found.get(kind) ?? find(kind);
  found.set(kind, known);
  known.catch(() => found.delete(kind));
  return known;
}

/** A name that no other caller gets: also a valid identifier in SQL. */
export function uniqueName(): string {
  return `t${randomBytes(6).toString('hex')}`;
}

export async function sharedRedis(): Promise<SharedRedis> {
  const { urls } = await sharedAddress('redis');
  return { url: urls[0] ?? '', prefix: `${uniqueName()}:` };
}

export async function sharedRedisCluster(): Promise<SharedRedisCluster> {
  const { urls } = await sharedAddress('cluster');
  return { urls, prefix: `${uniqueName()}:` };
}

export async function sharedRedisSentinel(): Promise<SharedRedisSentinel> {
  const { urls, name = process.env['PARLEY_TEST_REDIS_SENTINEL_NAME'] ?? 'main' } =
    await sharedAddress('sentinel');
  return { urls, name, prefix: `${uniqueName()}:` };
}
