import { routeList } from '@parley/hub-protocol/rest';
import { createLimiter, memoryLimitStore } from '@parley/ratelimit';
import { fastify } from 'fastify';
import { expect, test } from 'vitest';
import { silentLogger } from '@parley/cache-core/kernel';
import { answerErrors } from '../../src/http/errors.ts';
import { guard } from '../../src/http/guard.ts';

test('who somebody is and whether their address may is asked at once', async () => {
  const route = routeList.find(({ name }) => name === 'listChannels');
  if (route === undefined) throw new Error('there is such a route');
  const asked: string[] = [];
  const known = Promise.withResolvers<undefined>();
  const limiter = createLimiter({ store: memoryLimitStore(), rules: { address: { limit: 1, per: '1m' } } });
  const app = fastify();
  answerErrors(app, silentLogger);
  guard(app, {
    access: {
      authenticate: async () => {
        asked.push('who');
        known.resolve(undefined);
        return undefined;
      },
    },
    limits: {
      request: async (identity) => {
        asked.push('how often');
        await known.promise;
        return limiter.check('address', { identity });
      },
      isHeldUp: () => false,
    },
    publicOrigin: undefined,
  });
  app.route({ method: 'GET', url: '/', config: { route }, handler: async () => 'nobody comes so far' });
  expect((await app.inject({ url: '/' })).statusCode).toBe(401);
  expect(asked).toEqual(['how often', 'who']);
  await app.close();
});
