import { callHub } from '@parley/hub-client';
import { HubError, toProblem } from '@parley/hub-protocol';
import { expect, it } from 'vitest';
import { general } from './support/values.ts';

it('calls are made with the token, without a connection', async () => {
  const requests: Request[] = [];
  const call = callHub({
    url: 'http://hub.test/below/',
    token: () => 'secret',
    fetch: async (input, init) => {
      requests.push(new Request(input, init));
      return Response.json({ items: [], next: null });
    },
  });
  expect(await call('listMembers', { params: { channelId: general } })).toEqual({ items: [], next: null });
  expect(requests.map(({ url }) => url)).toEqual([
    `http://hub.test/below/api/v1/channels/${general}/members`,
  ]);
  expect(requests[0]?.headers.get('authorization')).toBe('Bearer secret');
});

it('what the hub refuses is its error', async () => {
  const refused = new HubError('INVALID', 'name must be short', { field: 'name' });
  const call = callHub({
    url: 'http://hub.test',
    fetch: async () => Response.json(toProblem(refused), { status: refused.status }),
  });
  await expect(call('createChannel', { body: { kind: 'public', name: 'x' } })).rejects.toMatchObject({
    code: 'INVALID',
    field: 'name',
  });
});
