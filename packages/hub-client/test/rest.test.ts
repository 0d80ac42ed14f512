import { virtualClock } from '@parley/cache-core/kernel';
import { connectHub, type Hub } from '@parley/hub-client';
import { HubError, toProblem } from '@parley/hub-protocol';
import { describe, expect, it } from 'vitest';
import { failureOf } from './support/failure.ts';
import { general, userOf, ada } from './support/values.ts';

/** Without a connection, a client asks for nothing by itself. */
class NeverOpen {
  send(): void {}
  close(): void {}
  addEventListener(): void {}
}

/** A client whose requests are answered by hand. */
function clientWith(answer: (request: Request, attempt: number) => Response | Promise<Response>) {
  const clock = virtualClock();
  const requests: Request[] = [];
  const hub: Hub = connectHub({
    url: 'http://hub.test/below/',
    token: 'secret',
    clock,
    random: () => 0.5,
    WebSocket: NeverOpen,
    fetch: async (input, init) => {
      const request = new Request(input, init);
      requests.push(request);
      return answer(request, requests.length);
    },
  });
  return { hub, clock, requests };
}

const problem = (error: HubError): Response => Response.json(toProblem(error), { status: error.status });

describe('a call', () => {
  it('is made by the table of routes, with the token', async () => {
    const { hub, requests } = clientWith(() =>
      Response.json({ items: [], seq: 0, epoch: 'e', older: false, newer: false }),
    );
    await hub.call('listMessages', { params: { channelId: general }, query: { limit: 5 } });
    expect(requests[0]?.url).toBe(`http://hub.test/below/api/v1/channels/${general}/messages?limit=5`);
    expect(requests[0]?.headers.get('authorization')).toBe('Bearer secret');
    hub.close();
  });

  it('rejects with the error of the hub', async () => {
    const { hub } = clientWith(() =>
      problem(new HubError('INVALID', 'name must be short', { field: 'name', requestId: 'r1' })),
    );
    await expect(hub.call('createChannel', { body: { kind: 'public', name: 'x' } })).rejects.toMatchObject({
      name: 'HubError',
      code: 'INVALID',
      field: 'name',
      requestId: 'r1',
      status: 422,
    });
    hub.close();
  });

  it('is tried again when that may help, after the time that the hub names', async () => {
    const { hub, clock, requests } = clientWith((_, attempt) =>
      attempt < 3
        ? problem(new HubError('UNAVAILABLE', 'no database', { retryAfter: 1_000 }))
        : Response.json(userOf(ada, 'ada')),
    );
    const me = hub.call('readMe');
    await clock.advance(999);
    expect(requests.length).toBe(1);
    await clock.advance(2_000);
    expect((await me).handle).toBe('ada');
    hub.close();
  });

  it('tells at once that it would have to wait longer than there is time', async () => {
    const { hub, clock, requests } = clientWith(() =>
      problem(new HubError('RATE_LIMITED', 'slowly', { retryAfter: 20_000 })),
    );
    const me = failureOf(hub.call('readMe', { deadlineMs: 15_000 }));
    await clock.advance(0);
    expect(await me).toMatchObject({ code: 'RATE_LIMITED', retryAfter: 20_000 });
    expect(requests).toHaveLength(1);
    hub.close();
  });

  it('that would do it twice is not tried again, unless it was refused before anything was done', async () => {
    const { hub, clock, requests } = clientWith((_, attempt) =>
      problem(
        attempt === 1 ? new HubError('RATE_LIMITED', 'slowly') : new HubError('UNAVAILABLE', 'no database'),
      ),
    );
    const made = failureOf(hub.call('createChannel', { body: { kind: 'public', name: 'x' } }));
    await clock.advance(10_000);
    expect(await made).toMatchObject({ code: 'UNAVAILABLE' });
    expect(requests).toHaveLength(2);
    hub.close();
  });

  it('settles by its deadline when nobody answers', async () => {
    const { hub, clock, requests } = clientWith(() => new Promise(() => undefined));
    const late = failureOf(hub.call('readMe', { deadlineMs: 2_000 }));
    await clock.advance(2_000);
    expect(await late).toMatchObject({
      code: 'TIMEOUT',
      retryable: true,
    });
    expect(requests[0]?.signal.aborted).toBe(true);
    hub.close();
  });

  it('can be given up', async () => {
    const { hub } = clientWith(() => new Promise(() => undefined));
    const leave = new AbortController();
    const call = failureOf(hub.call('readMe', { signal: leave.signal }));
    leave.abort();
    expect(await call).toMatchObject({
      code: 'ABORTED',
    });
    hub.close();
  });

  it('ends with the client, and none begins after that', async () => {
    const { hub, clock, requests } = clientWith(() => new Promise(() => undefined));
    const calls = [hub.call('readMe'), hub.call('listUsers')].map(failureOf);
    await clock.settle();
    hub.close();
    for (const failure of await Promise.all(calls)) expect(failure).toMatchObject({ code: 'CLOSED' });
    expect(requests.map(({ signal }) => signal.aborted)).toEqual([true, true]);
    expect(await failureOf(hub.call('readMe'))).toMatchObject({ code: 'CLOSED' });
    expect(requests).toHaveLength(2);
    expect(clock.pending).toBe(0);
  });

  it('that cannot be sent is refused by its part, and not tried', async () => {
    const { hub, requests } = clientWith(() => Response.json({}));
    const data: Record<string, unknown> = {};
    data['self'] = data;
    const params = { channelId: general };
    const body = { sessionId: 's', name: 'n', data };
    expect(await failureOf(hub.call('postCollaboration', { params, body }))).toMatchObject({
      code: 'INVALID',
      field: 'body',
    });
    expect(await failureOf(hub.call('readUser', { params: { userId: '..' } }))).toMatchObject({
      code: 'INVALID',
      field: 'params',
    });
    expect(await failureOf(hub.call('readMe', { deadlineMs: Number.NaN }))).toMatchObject({
      field: 'deadlineMs',
    });
    expect(requests).toEqual([]);
    hub.close();
  });

  it('without a token that could be had is an error of the hub', async () => {
    const hub = connectHub({
      url: 'http://hub.test',
      WebSocket: NeverOpen,
      token: () => Promise.reject(new Error('the vault is shut')),
      fetch: () => Promise.reject(new Error('not asked')),
    });
    expect(await failureOf(hub.call('readMe'))).toMatchObject({
      code: 'UNAUTHENTICATED',
      cause: { message: 'the vault is shut' },
    });
    hub.close();
  });

  it.each([
    ['no connection', () => Promise.reject(new TypeError('fetch failed')), 'UNAVAILABLE'],
    ['a page of a proxy', () => new Response('<html>', { status: 502 }), 'UNAVAILABLE'],
    ['an answer that cannot be read', () => new Response('{"id": 1}', { status: 200 }), 'INTERNAL'],
    ['an answer that is no JSON', () => new Response('hm', { status: 200 }), 'INTERNAL'],
    ['a refusal without a reason', () => new Response('no', { status: 403 }), 'FORBIDDEN'],
  ] as const)('makes a HubError of %s', async (_, answer, code) => {
    const { hub, clock } = clientWith(answer);
    const call = failureOf(hub.call('readMe'));
    await clock.advance(15_000);
    expect(await call).toMatchObject({ name: 'HubError', code });
    hub.close();
  });
});
