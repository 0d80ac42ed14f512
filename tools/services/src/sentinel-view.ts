import { withRedis } from './redis-admin.ts';
import type { SentinelServer } from './redis-sentinel-process.ts';

/** What a Sentinel knows of one server, from SENTINEL MASTER and SENTINEL REPLICAS. */
type SentinelFields = ReadonlyMap<string, string>;

export interface SentinelView {
  readonly master: SentinelFields;
  readonly replicas: readonly SentinelFields[];
}

function fields(reply: unknown): SentinelFields {
  const words = Array.isArray(reply) ? reply.map(String) : [];
  return new Map(words.flatMap((word, index) => (index % 2 === 0 ? [[word, words[index + 1] ?? '']] : [])));
}

export async function sentinelView({ access }: SentinelServer, name: string): Promise<SentinelView> {
  return withRedis(access, async (call) => {
    const master = fields(await call('SENTINEL', 'MASTER', name));
    const replicas = await call('SENTINEL', 'REPLICAS', name);
    return { master, replicas: Array.isArray(replicas) ? replicas.map(fields) : [] };
  });
}

/** Whether a Sentinel sees this master in good health, with so many replicas and other Sentinels. */
export function seesMaster(
  { master }: SentinelView,
  port: number,
  replicas: number,
  others: number,
): boolean {
  return (
    master.get('port') === String(port) &&
    master.get('flags') === 'master' &&
    master.get('num-slaves') === String(replicas) &&
    master.get('num-other-sentinels') === String(others)
  );
}

/**
 * Whether a Sentinel has heard from a replica itself that it follows this master. One that has not heard since the server was a master would
 * turn it back, should it be promoted now.
 */
export function seesReplica({ replicas }: SentinelView, port: number, master: number): boolean {
  const seen = replicas.find((replica) => replica.get('port') === String(port));
  return (
    seen?.get('flags') === 'slave' &&
    seen.get('role-reported') === 'slave' &&
    seen.get('master-link-status') === 'ok' &&
    seen.get('master-port') === String(master)
  );
}
