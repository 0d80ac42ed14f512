import { startPostgres, startRedis } from '@parley/services';
import { Redis } from 'ioredis-6';
import { expect, onTestFinished, test } from 'vitest';
import { fanOut } from '../../benches/fanout/fan-out.ts';
import type { FanOut } from '../../benches/fanout/fan-out.ts';
import { Generator } from '../../benches/fanout/generator.ts';
import { outcomeOf } from '../../benches/fanout/outcome.ts';
import { bareWs, hubOnPostgres, socketIoOnRedis } from '../../benches/fanout/servers.ts';
import { machineMs } from '../../benches/presence/machine-clock.ts';
import type { SubjectEnvironment, Work } from '../../src/scenario.ts';
import type { ServerName, StartedServer } from '../../src/servers.ts';

const load: FanOut = { perSecond: 400, members: 7, length: 200, seconds: 2, drainMs: 60_000, workers: 2 };
const messages = load.perSecond * load.seconds;
const right = { lost: 0, doubled: 0, disordered: 0, orders: 1 };

async function environmentWith(name?: ServerName): Promise<SubjectEnvironment> {
  const server = name && (await (name === 'redis' ? startRedis() : startPostgres()));
  if (server !== undefined) onTestFinished(() => server.stop());
  const of = (asked: ServerName): Pick<StartedServer, 'url' | 'pid'> => {
    if (server === undefined || asked !== name) throw new Error(`no ${asked}`);
    return server;
  };
  return {
    url: (asked) => of(asked).url,
    pid: (asked) => of(asked).pid,
    prefix: 'test:',
    seed: 1,
    quick: false,
  };
}

/** One round, and its deliveries. */
async function roundOf(
  work: Work,
): Promise<{ delivered: number; figures: Readonly<Record<string, number>> }> {
  onTestFinished(() => work.teardown?.());
  const perCpuSecond = Number(await work.op(0));
  const figures = work.figures?.() ?? {};
  return { delivered: Math.round(perCpuSecond * (figures['nodeCpuSeconds'] ?? 0)), figures };
}

async function publishedThrough(url: string): Promise<number> {
  const redis = new Redis(url);
  onTestFinished(() => redis.disconnect());
  return Number(/cmdstat_publish:calls=(\d+)/u.exec(await redis.info('commandstats'))?.[1] ?? 0);
}

test.each([false, true])(
  'Socket.IO tells everybody everything, through its adapter as well; with its own clients: %s',
  async (ownClients) => {
    const environment = await environmentWith('redis');
    const work = await fanOut(socketIoOnRedis, load, { ownClients })(environment);
    const { delivered, figures } = await roundOf(work);
    expect(figures).toMatchObject({ ...right, messagesPerFrame: 1 });
    expect(figures['redisCpuSeconds']).toBeGreaterThanOrEqual(0);
    expect(delivered).toBe(load.members * messages);
    expect(await publishedThrough(environment.url('redis'))).toBeGreaterThanOrEqual(messages);
  },
  120_000,
);

test('the hub answers every sender that its message is kept', async () => {
  const work = await fanOut(hubOnPostgres, load)(await environmentWith('postgres'));
  const { delivered, figures } = await roundOf(work);
  expect(figures).toMatchObject({ ...right, acked: 1 });
  expect(figures['postgresCpuSeconds']).toBeGreaterThanOrEqual(0);
  expect(delivered).toBe(load.members * messages);
}, 180_000);

test.each([
  { windowMs: 5_000, perSecond: 1_000, each: 4, what: 'what came within its window as one frame' },
  { windowMs: 0, perSecond: 1, each: 1, what: 'what came alone at once, where it has no window' },
])('the floor sends $what', async ({ windowMs, perSecond, each }) => {
  const served = await bareWs(windowMs)(await environmentWith(), load.members);
  onTestFinished(() => served.stop());
  const { url, speech } = served;
  const generator = await Generator.connect({ url, speech, members: 4, ownClients: false, workers: 2 });
  onTestFinished(() => generator.close());
  const plan = { run: 1, messages: 4, perSecond, length: 200, from: machineMs() + 50, drainMs: 30_000 };
  const { figures } = outcomeOf(await generator.run(plan));
  expect(figures).toMatchObject({ ...right, messagesPerFrame: each });
});
