import { EventEmitter, once } from 'node:events';
import { createServer } from 'node:http';
import { connect as connectHttp2, createServer as createHttp2Server } from 'node:http2';
import { connect, type Server } from 'node:net';
import { createLimiter, memoryLimitStore, type LimitStore } from '@parley/ratelimit';
import { expressLimit } from '@parley/ratelimit/express';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { answered } from '../../src/http-node.ts';

const rules = { busy: { kind: 'concurrency', limit: 50, lease: '1h' } } as const;

/** What is asked of the store waits for `open`. */
function gated() {
  const memory = memoryLimitStore();
  const gate = Promise.withResolvers<void>();
  const take = vi.fn<LimitStore['take']>(async (requests, options) => {
    await gate.promise;
    return memory.take(requests, options);
  });
  const limiter = createLimiter({
    store: { ...memory, take, takeNow: undefined, chargeNow: undefined },
    rules,
    within: '1m',
  });
  return { limiter, take, open: gate.resolve };
}

type Limiter = ReturnType<typeof gated>['limiter'];

const allBack = async (limiter: Limiter): Promise<void> => {
  await vi.waitFor(
    async () => {
      expect(await limiter.peek('busy', { identity: 'all' })).toMatchObject({ remaining: 50 });
    },
    { timeout: 20_000 },
  );
};

async function portOf(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new TypeError('a server that listens');
  return address.port;
}

describe('slots of a request whose client has gone', () => {
  it('before it was decided come back, over HTTP/2 too', async () => {
    const { limiter, take, open } = gated();
    const limit = expressLimit(limiter, { rules: 'busy', identity: () => 'all' });
    const next = vi.fn<() => void>();
    const server = createHttp2Server((request, response) => {
      // They are what this middleware uses of those of HTTP/1.
      Reflect.apply(limit, undefined, [request, response, next]);
      response.once('close', () => closed.resolve());
    });
    const closed = Promise.withResolvers<void>();
    const client = connectHttp2(`http://127.0.0.1:${await portOf(server)}`);
    onTestFinished(() => client.destroy());
    const asked = client.request({ ':path': '/' });
    asked.on('error', () => undefined);
    await vi.waitFor(() => expect(take).toHaveBeenCalledTimes(1), { timeout: 20_000 });
    asked.close();
    await closed.promise;
    open();
    await vi.waitFor(() => expect(next).toHaveBeenCalledTimes(1), { timeout: 20_000 });
    await allBack(limiter);
  });

  it('come back of all that waited for their turn on one connection', async () => {
    const { limiter, open } = gated();
    open();
    const limit = expressLimit(limiter, { rules: 'busy', identity: () => 'all' });
    const next = vi.fn<() => void>();
    const server = createServer((request, response) => limit(request, response, next));
    const socket = connect(await portOf(server), '127.0.0.1');
    onTestFinished(() => void socket.destroy());
    await once(socket, 'connect');
    socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(20));
    await vi.waitFor(() => expect(next).toHaveBeenCalledTimes(20), { timeout: 20_000 });
    expect(await limiter.peek('busy', { identity: 'all' })).toMatchObject({ remaining: 30 });
    socket.destroy();
    await allBack(limiter);
  });

  it('come back of responses that Node never tells of, once for each', async () => {
    const socket = Object.assign(new EventEmitter(), { destroyed: false });
    const responses = Array.from({ length: 20 }, () => new EventEmitter());
    const gone = responses.map((response) => answered(response, { socket }));
    expect(socket.listenerCount('close')).toBe(1);
    responses[0]?.emit('close');
    await gone[0];
    socket.emit('close');
    await Promise.all(gone);
    for (const response of responses) expect(response.listenerCount('close')).toBe(0);
    socket.destroyed = true;
    await answered(new EventEmitter(), { socket });
  });
});
