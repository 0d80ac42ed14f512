import { isIP } from 'node:net';
import type { Health } from '@parley/cache-core/kernel';
import { HubError } from '@parley/hub-protocol';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Access } from '../access/access.ts';
import type { Metrics } from '../metrics/metrics.ts';

export interface ServiceOptions {
  readonly access: Pick<Access, 'authenticate'>;
  readonly metrics: Metrics;
  /** Whether everybody may read the metrics. */
  readonly publicMetrics: boolean;
  readonly health: () => Promise<Health>;
  /** Whether this node takes nobody new, because it ends. */
  readonly isDraining: () => boolean;
}

/** What those ask who run the hub, and not those who use it. */
export function serviceRoutes(app: FastifyInstance, options: ServiceOptions): void {
  const { access, metrics, publicMetrics, health, isDraining } = options;

  app.get('/healthz', async () => ({ status: 'up' }));

  app.get('/readyz', async (_, reply) => {
    const reasons = isDraining() ? ['the node ends'] : reasonsIn(await health());
    if (reasons.length > 0) reply.code(503);
    return { status: reasons.length > 0 ? 'unavailable' : 'ready', reasons };
  });

  app.get('/metrics', async (request, reply) => {
    if (!publicMetrics && !isLocal(request)) await requireAdmin(request, access);
    return reply.type('text/plain; version=0.0.4; charset=utf-8').send(metrics.text());
  });
}

/** Without the bus the log is polled, and without the cache all is read from the database: neither keeps a node from serving. */
function reasonsIn({ status, checks }: Health): string[] {
  const database = checks?.['database']?.status ?? status;
  return database === 'down' ? ['the database does not answer'] : [];
}

/** From this machine, and not through a proxy on it that stands before the world. */
function isLocal({ socket, headers }: FastifyRequest): boolean {
  const { remoteAddress = '' } = socket;
  const address = remoteAddress.replace(/^::ffff:/, '');
  const own = address === '::1' || (isIP(address) === 4 && address.startsWith('127.'));
  return own && !['forwarded', 'x-forwarded-for', 'x-real-ip', 'via'].some((name) => name in headers);
}

async function requireAdmin(
  request: FastifyRequest,
  { authenticate }: Pick<Access, 'authenticate'>,
): Promise<void> {
  const caller = await authenticate(request);
  if (caller === undefined)
    throw new HubError(
      'UNAUTHENTICATED',
      'metrics are told to this machine, or to a token with the scope admin',
    );
  if (!caller.scopes.includes('admin')) throw new HubError('SCOPE_MISSING', 'metrics need the scope admin');
}
