import { createLimiter, memoryLimitStore } from '@parley/ratelimit';
import { expressLimit } from '@parley/ratelimit/express';
import { fastifyLimit, fastifyLimits } from '@parley/ratelimit/fastify';
import { honoLimit } from '@parley/ratelimit/hono';
import { requestLimit } from '@parley/ratelimit/http';
import { frameLimit } from '@parley/ratelimit/ws';
import type { Request, RequestHandler, Response } from 'express';
import type { FastifyPluginAsync, FastifyRequest, onRequestAsyncHookHandler } from 'fastify';
import type { Context, MiddlewareHandler } from 'hono';
import { expect, expectTypeOf, it } from 'vitest';

const limiter = createLimiter({ store: memoryLimitStore(), rules: { api: { limit: 1, per: '1m' } } });

it('is what each framework takes, with requests as it has them', () => {
  expectTypeOf(
    expressLimit(limiter, {
      rules: 'api',
      identity: ({ hostname }: Request) => hostname,
      respond: (_, response: Response) => void response.sendStatus(429),
    }),
  ).toExtend<RequestHandler>();
  expectTypeOf(
    fastifyLimit(limiter, { rules: 'api', identity: ({ hostname }: FastifyRequest) => hostname }),
  ).toExtend<onRequestAsyncHookHandler>();
  expectTypeOf(fastifyLimits(limiter, { rules: 'api' })).toExtend<FastifyPluginAsync>();
  expectTypeOf(
    honoLimit(limiter, { rules: 'api', identity: (context: Context) => context.req.path }),
  ).toExtend<MiddlewareHandler>();
});

it('knows the rules of its limiter', () => {
  const rules = 'apy';
  // @ts-expect-error there is no such rule
  expect(expressLimit(limiter, { rules })).toBeTypeOf('function');
  // @ts-expect-error there is no such rule
  expect(fastifyLimit(limiter, { rules: [{ rule: rules }] })).toBeTypeOf('function');
  // @ts-expect-error there is no such rule
  expect(honoLimit(limiter, { rules })).toBeTypeOf('function');
  // @ts-expect-error there is no such rule
  expect(() => frameLimit(limiter, { rules })).toThrow(expect.objectContaining({ field: 'rule' }));
  // @ts-expect-error there is no such rule
  expect(requestLimit(limiter, { rules: 'api', units: { apy: 'content-bytes' } })).toBeTypeOf('function');
});
