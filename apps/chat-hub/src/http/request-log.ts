import type { Logger } from '@parley/cache-core/kernel';
import type { FastifyInstance } from 'fastify';
import type { HttpMetrics } from './http-metrics.ts';

/** A line and a figure for each request: by its route, because an address may hold what somebody should not have put there. */
export function recordRequests(app: FastifyInstance, logger: Logger, metrics: HttpMetrics): void {
  app.addHook('onResponse', async (request, reply) => {
    const { url: route = 'none', config } = request.routeOptions;
    const { method, id: requestId, caller } = request;
    const { statusCode: status, elapsedTime: ms } = reply;
    metrics.answered(config.route?.name ?? route, status, ms);
    const fields = { requestId, method, route, status, ms: Math.round(ms * 10) / 10, userId: caller?.userId };
    logger[status >= 500 ? 'warn' : 'debug'](fields, 'A request was answered');
  });
}
