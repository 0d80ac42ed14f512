import type { Logger } from '@parley/cache-core/kernel';
import { HubError, toProblem } from '@parley/hub-protocol';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { hubErrorOf } from './problems.ts';

/** Every answer that is no success has one form, and every defect a line in the log that is found by the id of the request. */
export function answerErrors(app: FastifyInstance, logger: Logger): void {
  app.setErrorHandler((error, request, reply) => {
    const known = hubErrorOf(error);
    if (known.code === 'INTERNAL')
      logger.error(
        { error, requestId: request.id, route: request.routeOptions.url },
        'A request met a defect',
      );
    return sendProblem(reply, known, request.id);
  });
  app.setNotFoundHandler((request, reply) =>
    sendProblem(reply, new HubError('NOT_FOUND', 'nothing is at this address'), request.id),
  );
}

export function sendProblem(reply: FastifyReply, error: HubError, requestId: string): FastifyReply {
  if (error.retryAfter !== undefined) reply.header('retry-after', Math.ceil(error.retryAfter / 1000));
  if (error.status === 401) reply.header('www-authenticate', 'Bearer');
  return reply
    .code(error.status)
    .type('application/problem+json; charset=utf-8')
    .send(JSON.stringify(toProblem(error, requestId)));
}
