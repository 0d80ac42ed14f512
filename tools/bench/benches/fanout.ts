import type { Doubt, Goal, Scenario } from '../src/scenario.ts';
import { fanOut } from './fanout/fan-out.ts';
import type { FanOut } from './fanout/fan-out.ts';
import { bareWs, hubEmbedded, hubOnPostgres, socketIoOnRedis } from './fanout/servers.ts';

/** What came meanwhile goes together, which is what a commit of ours takes about. */
const windowMs = 2;

/** Of each message, by each receiver. */
const rightForAll: readonly Goal[] = [
  { of: 'lost', atMost: 0 },
  { of: 'doubled', atMost: 0 },
  { of: 'disordered', atMost: 0 },
  { of: 'orders', atMost: 1 },
  { of: 'acked', atLeast: 1 },
  { of: 'held', atLeast: 0.99 },
  { of: 'p99', atMost: 50 },
];

const doubts: readonly Doubt[] = [
  { of: 'lost', atMost: 0, says: 'had not delivered everything after 30 s' },
  { of: 'doubled', atMost: 0, says: 'delivered messages twice' },
  { of: 'disordered', atMost: 0, says: 'delivered messages of one sender out of order' },
  { of: 'orders', atMost: 1, says: 'showed its receivers different orders' },
  { of: 'held', atLeast: 0.99, says: 'did not hold the rate' },
  { of: 'generatorBusy', atMost: 0.9, says: 'had a generator that could do no more, which was the limit' },
  { of: 'generatorLateP99', atMost: 20, says: 'had a generator that was late itself, on a busy machine' },
];

function scenario(perSecond: number, id: string, goals: readonly Goal[]): Scenario {
  const load: FanOut = { perSecond, members: 111, length: 200, seconds: 5, drainMs: 30_000, workers: 2 };
  return {
    id,
    unit: 'deliveries/CPU s',
    better: 'higher',
    load: { kind: 'measure' },
    servers: ['postgres', 'redis'],
    rounds: 5,
    deadlineMs: 180_000,
    doubts,
    worstOf: ['lost', 'doubled', 'disordered', 'orders'],
    subjects: {
      ours: fanOut(hubOnPostgres, load),
      floor: fanOut(bareWs(windowMs), load),
      rivals: {
        'socket.io': fanOut(socketIoOnRedis, load),
        // At a higher rate these clients would take more of the machine than the server.
        ...(perSecond <= 250 && {
          'socket.io-own-clients': fanOut(socketIoOnRedis, load, { ownClients: true }),
        }),
      },
      otherFloors: { 'ws-tick': fanOut(bareWs(0), load) },
      variants: { 'ours-embedded': fanOut(hubEmbedded, load) },
    },
    goals,
  };
}

/** One channel in which everybody hears everything, against servers that keep nothing. */
export const scenarios: readonly Scenario[] = [
  scenario(250, 'messages-250', rightForAll),
  scenario(1_000, 'messages-1000', [
    { against: 'socket.io', atLeast: 2.5 },
    { against: 'floor', atLeast: 0.6 },
    ...rightForAll,
  ]),
];
