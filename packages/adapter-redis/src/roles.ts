import { exponentialBackoff, type Backoff } from '@parley/cache-core/kernel';
import { Cluster, Redis, type RedisOptions } from 'ioredis';
import type { Address, Settings } from './config-check.ts';

/**
 * What a connection is for, as the driver must be told differently for each:
 * - `reads` changes nothing: in Cluster, what a lost node leaves open is asked of its successor;
 * - `changes` runs each command at most once: what a lost connection leaves open is reported, never sent again;
 * - a subscriber lives for one subscription on one server, and who holds it makes the next one.
 *
 * They come back for ever, and none of them queues for a server that is away.
 */
export type Role = 'reads' | 'changes';

export type Client = Redis | Cluster;

/** The driver's types leave no room for a mapping that is there and undefined. */
type Options = Omit<RedisOptions, 'replyMapping'>;

const longestPauseMs = 2_000;
/** How long a connection that is being closed may take to say what it still has. */
const disconnectTimeout = 200;

export function openClient(settings: Settings, role: Role): Client {
  return settings.mode === 'cluster' ? openCluster(settings, role) : openServer(settings, role);
}

function openServer(settings: Settings, role: Role): Redis {
  return new Redis({
    ...serverOptions(settings, role),
    ...target(settings),
    db: settings.db,
    retryStrategy: reconnectAfter(settings),
    // With 0, what is open fails when the connection does. With more it may stay open for as long as a server accepts and says nothing.
    maxRetriesPerRequest: 0,
    enableOfflineQueue: false,
    // After a failover without Sentinels the address may lead to the new master; 1 makes the connection anew and fails the command.
    reconnectOnError: (error) => (/\bREADONLY\b/.test(error.message) ? 1 : false),
  });
}

function openCluster(settings: Settings, role: Role): Cluster {
  const cluster = new Cluster([...settings.addresses], {
    lazyConnect: true,
    // Of the nodes: a command for a node whose connection is only coming up would be refused, so they come up at once.
    redisOptions: { ...serverOptions(settings, role), lazyConnect: false },
    enableOfflineQueue: false,
    // It would ask a node that is still connecting, be refused, and begin again.
    enableReadyCheck: false,
    // Moved and asked: before anything was done, and at once. What waits may land after a later change, so only reads wait for a node that
    // was lost with the command under way, and for a cluster that is down.
    maxRedirections: 6,
    retryDelayOnFailover: role === 'reads' ? 100 : 0,
    retryDelayOnClusterDown: role === 'reads' ? 100 : 0,
    clusterRetryStrategy: reconnectAfter(settings),
    // A hung master closes no connection and answers no MOVED: only asking the others tells of its successor.
    slotsRefreshInterval: 10_000,
    slotsRefreshTimeout: Math.min(1_000, settings.responseTimeoutMs),
    ...(settings.natMap && { natMap: settings.natMap }),
    // Certificates name hosts, not addresses.
    ...(settings.tls && { dnsLookup: (host, done) => done(null, host) }),
  });
  cluster.on('+node', heedAsking);
  return cluster;
}

/**
 * Where a slot is on its way to, the driver says ASKING before each command and forgets the answer: its failure, as of a connection that is
 * lost, would be an unhandled rejection, which ends the process. The command behind it fails as well, and tells who sent it.
 */
function heedAsking(node: Redis): void {
  const asking = node.asking.bind(node);
  node.asking = (...args) => {
    const answer = asking(...args);
    answer.catch(() => undefined);
    return answer;
  };
}

/** A connection for one subscription; in Cluster to the node that is given. */
export function openSubscriber(settings: Settings, node?: Address): Redis {
  return new Redis({
    ...serverOptions(settings, 'subscriber'),
    ...(node ?? target(settings)),
    db: settings.db,
    socketTimeout: settings.responseTimeoutMs,
    retryStrategy: null,
    enableOfflineQueue: false,
    autoResubscribe: false,
  });
}

/** A connection to a Sentinel that comes back by itself and is subscribed again by the driver. */
export function openSentinelWatch(settings: Settings, { host, port }: Address): Redis {
  const { sentinelUsername, sentinelPassword, sentinelTls } = settings;
  return new Redis({
    host,
    port,
    ...(sentinelUsername !== undefined && { username: sentinelUsername }),
    ...(sentinelPassword !== undefined && { password: sentinelPassword }),
    ...(sentinelTls && { tls: sentinelTls }),
    ...timing(settings),
    socketTimeout: settings.responseTimeoutMs,
    connectionName: `${settings.connectionName}:watch`,
    retryStrategy: exponentialBackoff({ minMs: 500, baseMs: 1_000, maxMs: 10_000 }),
    maxRetriesPerRequest: null,
    enableReadyCheck: false,
  });
}

/** Never less than half of the interval, or a server that is away would be asked without a pause. */
function reconnectAfter({ reconnectIntervalMs: baseMs }: Settings): Backoff {
  return exponentialBackoff({ minMs: baseMs / 2, baseMs, maxMs: Math.max(longestPauseMs, baseMs) });
}

function serverOptions(settings: Settings, role: string): Options {
  const { username, password, tls } = settings;
  return {
    ...timing(settings),
    ...(username !== undefined && { username }),
    ...(password !== undefined && { password }),
    ...(tls && { tls }),
    connectionName: `${settings.connectionName}:${role}`,
    maxLoadingRetryTime: 500,
  };
}

function timing({ connectTimeoutMs }: Settings): Options {
  return {
    lazyConnect: true,
    connectTimeout: connectTimeoutMs,
    keepAlive: 10_000,
    disconnectTimeout,
    disableClientInfo: true,
  };
}

function target(settings: Settings): Options {
  const [address] = settings.addresses;
  if (settings.mode !== 'sentinel') return { host: address?.host ?? '', port: address?.port ?? 0 };
  const { sentinelUsername, sentinelPassword, sentinelTls, tls, natMap, masterName, responseTimeoutMs } =
    settings;
  return {
    sentinels: [...settings.addresses],
    name: masterName ?? '',
    role: 'master',
    ...(sentinelUsername !== undefined && { sentinelUsername }),
    ...(sentinelPassword !== undefined && { sentinelPassword }),
    ...(sentinelTls && { sentinelTLS: sentinelTls }),
    ...(tls && { enableTLSForSentinelMode: true }),
    ...(natMap && { natMap }),
    // A Sentinel that hangs must not keep the others from being asked.
    sentinelCommandTimeout: responseTimeoutMs,
    sentinelRetryStrategy: (attempts) => Math.min(100 * attempts, 1_000),
    // Its own detector would open a connection to every Sentinel for every client, and disconnect for foreign masters too.
    failoverDetector: false,
  };
}
