import { setTimeout as sleep } from 'node:timers/promises';
import { Latencies } from '../../src/load/latencies.ts';
import type { Subject, SubjectEnvironment, Subjects } from '../../src/scenario.ts';
import { openHub } from './server.ts';
import type { HubServer, Server } from './server.ts';
import type { BenchEvent, BenchSocket } from './socket.ts';

type On = 'redis' | 'postgres';

/** What those who watch at another node wait for. */
type Fits = (event: BenchEvent) => boolean;

const watchers = 10;
const perRound = 40;

interface Scene {
  readonly hub: HubServer;
  /** Does something, and tells how long it took until all who watch were told. */
  readonly told: (fits: Fits, act: () => void | Promise<unknown>) => Promise<number>;
  readonly close: () => Promise<void>;
}

async function openScene(on: On, { url }: SubjectEnvironment): Promise<Scene> {
  const hub = await openHub({
    keeps: { url: url('postgres') },
    members: watchers + 1,
    ...(on === 'redis' && { redis: url('redis') }),
  });
  const other: Pick<Server, 'connect' | 'stop'> = await hub.another();
  const sockets: BenchSocket[] = [];
  for (let i = 0; i < watchers; i++) {
    const socket = await other.connect(i + 1);
    await socket.ask({ type: 'watch', channelId: hub.channelId });
    sockets.push(socket);
  }
  return {
    hub,
    async told(fits, act) {
      const all = Promise.all(
        sockets.map(
          (socket) =>
            new Promise<void>((resolve) =>
              socket.onEvent((event) => {
                if (fits(event)) resolve();
              }),
            ),
        ),
      );
      const from = performance.now();
      await act();
      await all;
      return performance.now() - from;
    },
    async close() {
      for (const socket of sockets) socket.close();
      await other.stop();
      await hub.stop();
    },
  };
}

const isStatus =
  (status: string): Fits =>
  ({ type, presence }) =>
    type === 'channel.presence' && presence?.status === status;

/** Somebody comes to one node, says that nobody is at the keys, and goes. */
function presence(on: On): Subject {
  return async (environment) => {
    const scene = await openScene(on, environment);
    let figures: Record<string, number> = {};
    return {
      async op() {
        const [all, joins, updates, leaves] = [
          new Latencies(),
          new Latencies(),
          new Latencies(),
          new Latencies(),
        ];
        const note = (kind: Latencies, ms: number): void => {
          for (const one of [all, kind]) one.record(ms);
        };
        for (let i = 0; i < perRound; i++) {
          let socket: BenchSocket | undefined;
          // From the beginning of the connection on.
          const come = async (): Promise<void> => void (socket = await scene.hub.connect(0));
          note(joins, await scene.told(isStatus('online'), come));
          // What follows within 75 ms goes together and later.
          await sleep(100);
          const away = { type: 'presence', activity: 'away' };
          note(updates, await scene.told(isStatus('away'), () => socket?.send(away)));
          note(leaves, await scene.told(isStatus('offline'), () => socket?.leave()));
        }
        const { p50, p99 } = all.percentiles();
        figures = {
          p50,
          joinP99: joins.percentiles().p99,
          updateP99: updates.percentiles().p99,
          leaveP99: leaves.percentiles().p99,
        };
        return p99;
      },
      figures: () => figures,
      teardown: scene.close,
    };
  };
}

function typing(on: On): Subject {
  return async (environment) => {
    const scene = await openScene(on, environment);
    const typist = await scene.hub.connect(0);
    const { channelId } = scene.hub;
    let figures: Record<string, number> = {};
    return {
      async op() {
        const latencies = new Latencies();
        for (let i = 0; i < perRound; i++) {
          for (const state of ['start', 'stop'] as const) {
            const fits: Fits = (event) => event.type === 'channel.typing' && event.state === state;
            latencies.record(await scene.told(fits, () => typist.send({ type: 'typing', channelId, state })));
          }
        }
        const { p50, p99 } = latencies.percentiles();
        figures = { p50 };
        return p99;
      },
      figures: () => figures,
      async teardown() {
        typist.close();
        await scene.close();
      },
    };
  };
}

export const presenceRedis: Subjects = { ours: presence('redis') };
export const presencePostgres: Subjects = { ours: presence('postgres') };
export const typingRedis: Subjects = { ours: typing('redis') };
export const typingPostgres: Subjects = { ours: typing('postgres') };
