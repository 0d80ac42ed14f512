import type { Evidence, HealthStatus } from '@parley/cache-core/kernel';

export interface NodeReport {
  readonly status: HealthStatus;
  readonly details: Evidence;
}

/** What an INFO reply says about a server: figures, and what an operator should change. */
export function readInfo(text: string, holds: 'cache' | 'state'): NodeReport {
  const fields = new Map(
    text.split('\r\n').flatMap((line) => {
      const colon = line.indexOf(':');
      return colon > 0 ? [[line.slice(0, colon), line.slice(colon + 1)] as const] : [];
    }),
  );
  const number = (name: string): number => Number(fields.get(name) ?? 0);
  const hits = number('keyspace_hits');
  const asked = hits + number('keyspace_misses');
  const [memory, maxMemory] = [number('used_memory'), number('maxmemory')];
  const [clients, maxClients] = [number('connected_clients'), number('maxclients')];
  const policy = fields.get('maxmemory_policy') ?? '';
  const role = fields.get('role') ?? '';
  const warnings = [
    ...memoryWarnings(memory, maxMemory, policy, holds),
    ...(maxClients > 0 && clients > maxClients * 0.9
      ? [`${clients} of ${maxClients} connections are taken`]
      : []),
    ...(role === 'master' || role === ''
      ? []
      : [`it is a ${role === 'slave' ? 'replica' : role}, not a master`]),
    ...(fields.get('rdb_last_bgsave_status') === 'err'
      ? ['its last snapshot failed, it may refuse writes']
      : []),
  ];
  return {
    status: warnings.length > 0 ? 'degraded' : 'up',
    details: {
      role,
      version: fields.get('redis_version'),
      memoryBytes: memory,
      maxMemoryBytes: maxMemory === 0 ? null : maxMemory,
      maxMemoryPolicy: policy,
      clients,
      maxClients,
      opsPerSecond: number('instantaneous_ops_per_sec'),
      evictedKeys: number('evicted_keys'),
      expiredKeys: number('expired_keys'),
      hitRatio: asked === 0 ? null : Math.round((hits / asked) * 1e4) / 1e4,
      latestForkMs: number('latest_fork_usec') / 1000,
      replicas: number('connected_slaves'),
      channels: number('pubsub_channels') + number('pubsubshard_channels'),
      ...(warnings.length > 0 && { warnings: warnings.join('; ') }),
    },
  };
}

function memoryWarnings(
  memory: number,
  maxMemory: number,
  policy: string,
  holds: 'cache' | 'state',
): string[] {
  const warning = holds === 'state' ? evictionWarning(policy) : undefined;
  if (warning !== undefined) return [warning];
  if (maxMemory === 0 || policy !== 'noeviction') return [];
  return memory > maxMemory * 0.9
    ? [
        `${Math.floor((memory / maxMemory) * 100)} % of maxmemory are taken and maxmemory-policy noeviction will refuse writes`,
      ]
    : [];
}

/** What an operator should change where state is kept. Locks, limits, logs and jobs live with an expiry too, so no eviction spares them. */
export function evictionWarning(policy: string): string | undefined {
  if (policy === 'noeviction' || policy === '') return undefined;
  return `maxmemory-policy ${policy} may evict state; set noeviction, or keep state on another server`;
}
