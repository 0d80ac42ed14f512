import type { Health, Logger } from '@parley/cache-core/kernel';
import { HubError, limits as bounds } from '@parley/hub-protocol';
import { fastify, type FastifyInstance } from 'fastify';
import type { Access } from '../access/access.ts';
import type { AuditLog } from '../audit/audit-log.ts';
import type { Chat } from '../chat/chat.ts';
import type { HubConfig } from '../config.ts';
import { newId } from '../database/ids.ts';
import type { HubLimits } from '../limits/hub-limits.ts';
import type { Feed } from '../live/feed.ts';
import type { Metrics } from '../metrics/metrics.ts';
import type { HubPresence } from '../presence/hub-presence.ts';
import { readBodies } from './body.ts';
import { answerErrors, sendProblem } from './errors.ts';
import { guard } from './guard.ts';
import { createHandlers } from './handlers.ts';
import { secureHeaders } from './headers.ts';
import { httpMetrics } from './http-metrics.ts';
import { watchMethods } from './other-methods.ts';
import { pages } from './pages.ts';
import { IncomingBytes } from './incoming-bytes.ts';
import { hubErrorOf } from './problems.ts';
import { registerRoutes } from './register.ts';
import { recordRequests } from './request-log.ts';
import type { BackupParts } from './routes/backup.ts';
import type { CommandParts } from './routes/commands.ts';
import type { OversightParts } from './routes/oversight.ts';
import type { WebhookParts } from './routes/webhooks.ts';
import { serviceRoutes } from './service-routes.ts';

export interface ServerParts {
  readonly config: Pick<HubConfig, 'name' | 'publicOrigin' | 'publicMetrics' | 'trustProxy'>;
  readonly access: Access;
  readonly audit: AuditLog;
  readonly backups: BackupParts['backups'];
  readonly imports: BackupParts['imports'];
  readonly retention: BackupParts['retention'];
  readonly webhooks: WebhookParts['webhooks'];
  readonly commands: CommandParts['commands'];
  readonly tables: OversightParts['tables'];
  readonly chat: Chat;
  readonly presence: Pick<HubPresence, 'rosters' | 'agents' | 'statuses' | 'typists'>;
  readonly feed: Pick<Feed, 'moment'>;
  readonly limits: HubLimits;
  readonly metrics: Metrics;
  readonly logger: Logger;
  readonly health: () => Promise<Health>;
  readonly isDraining: () => boolean;
  readonly version: string;
  /** How long a request may take. @default 10,000 */
  readonly requestLimitMs?: number | undefined;
}

export type HubServer = FastifyInstance;

/** The hub over HTTP; it listens when it is told to. */
export function createServer(parts: ServerParts): HubServer {
  const { config, access, limits, logger, metrics, requestLimitMs = 10_000 } = parts;
  const { publicOrigin, trustProxy } = config;
  const secure = publicOrigin?.startsWith('https:') ?? false;
  const app = fastify({
    bodyLimit: bounds.frameBytes,
    // How long a client may take to send a request, so that slow ones hold nothing.
    requestTimeout: 30_000,
    connectionTimeout: 60_000,
    keepAliveTimeout: 72_000,
    trustProxy,
    genReqId: () => newId(),
    requestIdHeader: false,
    forceCloseConnections: 'idle',
    return503OnClosing: false,
    routerOptions: { maxParamLength: 500, ignoreTrailingSlash: false },
    frameworkErrors: (error, request, reply) => void sendProblem(reply, hubErrorOf(error), request.id),
  });
  refuseWhileClosing(app);
  const answerOtherMethods = watchMethods(app);
  secureHeaders(app, { https: secure });
  recordRequests(app, logger, httpMetrics(metrics));
  readBodies(app);
  answerErrors(app, logger);
  guard(app, { access, limits, publicOrigin });
  registerRoutes(app, {
    handlers: createHandlers({ ...parts, publicOrigin }),
    limits,
    incoming: new IncomingBytes({ limits, files: parts.chat.files, limitMs: requestLimitMs }),
    limitMs: requestLimitMs,
    secure,
  });
  serviceRoutes(app, { ...parts, publicMetrics: config.publicMetrics });
  pages(app, { name: config.name, isOwned: access.isOwned });
  answerOtherMethods();
  return app;
}

/** What comes over connections that are still open goes to another node. */
function refuseWhileClosing(app: FastifyInstance): void {
  let closing = false;
  app.addHook('preClose', async () => void (closing = true));
  app.addHook('onRequest', async (_, reply) => {
    if (!closing) return;
    reply.header('connection', 'close');
    throw new HubError('DRAINING', 'this node ends');
  });
}
