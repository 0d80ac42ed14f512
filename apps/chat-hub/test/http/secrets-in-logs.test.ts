import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { createLogger } from '../../src/http/logger.ts';
import { cookieOf, inject, openTestHub, ownPage } from '../support/hub.ts';

function keeping(level: string) {
  const to = new PassThrough();
  const chunks: string[] = [];
  to.on('data', (chunk: Buffer) => chunks.push(chunk.toString()));
  return { logger: createLogger({ level, to }), text: () => chunks.join('') };
}

test('what somebody logs by mistake is not written', () => {
  const { logger, text } = keeping('debug');
  logger.info(
    {
      password: 'S1',
      headers: { authorization: 'S2', cookie: 'S3' },
      setup: { code: 'S6' },
      a: { b: { token: 'S4' } },
    },
    'x',
  );
  logger.warn({ error: new Error('connect to postgres://me:S5@host/db failed') }, 'x');
  logger.info({ error: { code: 'E-SHOWN' } }, 'x');
  expect(text()).toContain('***');
  expect(text()).toContain('E-SHOWN');
  for (const secret of ['S1', 'S2', 'S3', 'S4', 'S5', 'S6']) expect(text()).not.toContain(secret);
});

test('no secret of a whole flow is in the log, at its most talkative', { timeout: 60_000 }, async () => {
  const { logger, text } = keeping('debug');
  const secrets: string[] = [];
  {
    await using world = await openTestHub('embedded', { logger });
    const password = 'P-correct-horse-battery';
    const { code = '' } = world.hub.setup ?? {};
    const setup = await world.ask('POST', '/setup', { body: { code, password, handle: 'ann' } });
    const signIn = await world.ask('POST', '/session', { body: { handle: 'ann', password } });
    const cookie = cookieOf(signIn);
    const page = { cookie, headers: ownPage };
    const made = await world.ask('POST', '/tokens', { ...page, body: { name: 'n', scopes: ['read'] } });
    const { secret } = made.json<{ secret: string }>();
    const next = 'N-correct-horse-battery';
    await world.ask('PUT', '/me/password', { ...page, body: { current: password, next } });
    const added = await world.ask('POST', '/users', {
      ...page,
      body: { kind: 'agent', handle: 'bot', displayName: 'Bot' },
    });
    const second = added.json<{ setup: { code: string } }>().setup.code;
    secrets.push(
      password,
      next,
      code,
      secret,
      second,
      cookie.split('=')[1] ?? '',
      cookieOf(setup).split('=')[1] ?? '',
    );
    await world.ask('GET', '/me', { token: secret });
    // Where they do not belong, too.
    await inject(world.hub, 'GET', `/api/v1/me?token=${secret}`, { token: secret });
    await inject(world.hub, 'GET', `/${secret}`);
    await world.ask('POST', '/session', { body: { handle: secret, password: `${password}x` } });
    await world.ask('POST', '/setup', { body: `{"code":"${second}",` });
    await world.ask('DELETE', '/session', page);
  }
  expect(text()).toContain('A request was answered');
  expect(secrets.every((secret) => secret.length > 10)).toBe(true);
  for (const secret of secrets) expect(text()).not.toContain(secret);
});

test('a defect is told by its id, and its words stay here', { timeout: 60_000 }, async () => {
  const { logger, text } = keeping('info');
  await using world = await openTestHub('embedded', { logger });
  const { token } = await world.user('ann');
  await world.tables().deleteFrom('workspace').execute();
  const { tables } = world.hub;
  await tables.db.query({ text: `alter table ${tables.schema}.users rename column bio to biography` });
  const response = await world.ask('PATCH', '/me', { token, body: { bio: 'x' } });
  const { requestId } = response.json<{ requestId: string }>();
  expect(response.json()).toEqual({
    type: 'urn:parley:error:INTERNAL',
    title: 'A defect of the hub',
    status: 500,
    code: 'INTERNAL',
    detail: 'something went wrong here; the id of the request finds it in the log',
    retryable: false,
    requestId,
  });
  const line = text()
    .split('\n')
    .find((line) => line.includes(requestId) && line.includes('defect'));
  expect(line).toContain('bio');
});
