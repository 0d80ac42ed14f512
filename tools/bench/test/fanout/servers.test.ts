import { startPostgres, startRedis } from '@parley/services';
import { expect, onTestFinished, test } from 'vitest';
import { fanOut } from '../../benches/fanout/fan-out.ts';
import type { FanOut } from '../../benches/fanout/fan-out.ts';
import { bareWs, hubOnPostgres, socketIoOnRedis } from '../../benches/fanout/servers.ts';
import type { Serve } from '../../benches/fanout/servers.ts';
import type { SubjectEnvironment, Work } from '../../src/scenario.ts';
import type { ServerName } from '../../src/servers.ts';

const load: FanOut = {
  perSecond: 400,
  members: 7,
  length: 200,
  seconds: 2,
  drainMs: 60_000,
  workers: 2,
};
const deliveries = load.members * load.perSecond * load.seconds;
const right = { lost: 0, doubled: 0, disordered: 0, orders: 1 };

async function open(
  serve: Serve,
  names: readonly ServerName[] = [],
  options: { ownClients?: boolean } = {},
): Promise<Work> {
  const servers = new Map(
    await Promise.all(
      names.map(async (name) => {
        const server = await (name === 'redis' ? startRedis() : startPostgres());
        onTestFinished(() => server.stop());
        return [name, server] as const;
      }),
    ),
  );
  const of = (name: ServerName) => {
    const server = servers.get(name);
    if (server === undefined) throw new Error(`no ${name}`);
    return server;
  };
  const environment: SubjectEnvironment = {
    url: (name) => of(name).url,
    pid: (name) => of(name).pid,
    prefix: 'test:',
    seed: 1,
    quick: false,
  };
  const work = await fanOut(serve, load, options)(environment);
  onTestFinished(() => work.teardown?.());
  return work;
}

test.each([false, true])(
  'Socket.IO tells everybody everything, with its own clients: %s',
  async (ownClients) => {
    const work = await open(socketIoOnRedis, ['redis'], { ownClients });
    const perCpuSecond = Number(await work.op(0));
    const figures = work.figures?.() ?? {};
    expect(figures).toMatchObject({ ...right, messagesPerFrame: 1 });
    expect(perCpuSecond * (figures['nodeCpuSeconds'] ?? 0)).toBeCloseTo(deliveries);
    // Through the adapter: without it Redis would have nothing to do.
    expect(figures['redisCpuSeconds']).toBeGreaterThan(0);
  },
  120_000,
);

test('the floor sends what came within its window as one frame', async () => {
  const [together, each] = [await open(bareWs(100)), await open(bareWs(0))];
  await together.op(0);
  await each.op(0);
  const [a = {}, b = {}] = [together.figures?.(), each.figures?.()];
  expect(a).toMatchObject(right);
  expect(b).toMatchObject(right);
  // 400 a second make 40 within 100 ms.
  expect(a['messagesPerFrame']).toBeGreaterThan(20);
  expect(a['messagesPerFrame']).toBeGreaterThan(b['messagesPerFrame'] ?? Infinity);
}, 120_000);

test('the hub answers every sender that its message is kept', async () => {
  const work = await open(hubOnPostgres, ['postgres']);
  const perCpuSecond = Number(await work.op(0));
  const figures = work.figures?.() ?? {};
  expect(figures).toMatchObject({ ...right, acked: 1 });
  expect(perCpuSecond * (figures['nodeCpuSeconds'] ?? 0)).toBeCloseTo(deliveries);
  expect(figures['postgresCpuSeconds']).toBeGreaterThan(0);
}, 180_000);
