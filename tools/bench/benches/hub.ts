import type { Scenario } from '../src/scenario.ts';
import { deliveries } from './hub/deliver.ts';
import { idleConnection, idleConnections } from './hub/idle.ts';
import { presencePostgres, presenceRedis, typingPostgres, typingRedis } from './hub/presence.ts';
import {
  limitsEmbedded,
  limitsPostgres,
  limitsRedis,
  sendPostgres,
  sendRest,
  sendSocket,
  sendSocketMany,
} from './hub/send.ts';
import { firstStart, laterStart } from './hub/start.ts';

const latency = { unit: 'ms', better: 'lower' } as const;

/** The chat hub, as the process that a user starts, against the least server that does the same with the same database. */
export const scenarios: readonly Scenario[] = [
  {
    id: 'first-start',
    ...latency,
    load: { kind: 'measure' },
    subjects: firstStart,
    rounds: 5,
    deadlineMs: 180_000,
    goals: [{ atMost: 8_000 }],
  },
  {
    id: 'later-start',
    ...latency,
    load: { kind: 'measure' },
    subjects: laterStart,
    rounds: 7,
    deadlineMs: 180_000,
    goals: [{ atMost: 2_000 }],
  },
  {
    id: 'send-rest',
    ...latency,
    load: { kind: 'closed', inFlight: 1, report: 'p50' },
    subjects: sendRest,
    roundMs: 1_000,
    deadlineMs: 180_000,
    goals: [{ atMost: 5 }],
  },
  {
    id: 'send-socket',
    ...latency,
    load: { kind: 'measure' },
    subjects: sendSocket,
    deadlineMs: 180_000,
    goals: [{ atMost: 5 }],
  },
  {
    id: 'send-socket-many',
    unit: 'messages/s',
    better: 'higher',
    load: { kind: 'measure' },
    subjects: sendSocketMany,
    deadlineMs: 180_000,
  },
  {
    id: 'send-postgres',
    ...latency,
    load: { kind: 'closed', inFlight: 1, report: 'p50' },
    subjects: sendPostgres,
    servers: ['postgres'],
    roundMs: 1_000,
    deadlineMs: 180_000,
  },
  ...limitScenarios(),
  {
    id: 'deliver',
    ...latency,
    load: { kind: 'measure' },
    subjects: deliveries,
    deadlineMs: 180_000,
  },
  ...presenceScenarios(),
  {
    id: 'idle-connection',
    unit: 'KB',
    better: 'lower',
    load: { kind: 'measure' },
    subjects: idleConnection,
    rounds: 3,
    deadlineMs: 300_000,
    goals: [{ atMost: 30 }, { of: 'heapKB', atMost: 30 }],
  },
  {
    id: 'idle-connections',
    unit: 'connections',
    better: 'higher',
    load: { kind: 'measure' },
    subjects: idleConnections,
    rounds: 1,
    deadlineMs: 600_000,
    goals: [{ atLeast: 10_000 }],
  },
];

/** A message over REST with what everybody does counted, against the same hub that counts nothing. */
function limitScenarios(): Scenario[] {
  const sent = {
    ...latency,
    load: { kind: 'closed', inFlight: 1, report: 'p50' },
    roundMs: 1_000,
    deadlineMs: 180_000,
    goals: [{ against: 'floor', atMost: 1.1 }],
  } as const;
  return [
    { id: 'limits-embedded', ...sent, subjects: limitsEmbedded },
    { id: 'limits-postgres', ...sent, subjects: limitsPostgres, servers: ['postgres'] },
    { id: 'limits-redis', ...sent, subjects: limitsRedis, servers: ['postgres', 'redis'] },
  ];
}

/** From one node to those who watch at another, until the last of them is told. */
function presenceScenarios(): Scenario[] {
  const told = {
    ...latency,
    load: { kind: 'measure' },
    deadlineMs: 180_000,
    goals: [{ atMost: 100 }],
  } as const;
  return [
    { id: 'presence-redis', ...told, subjects: presenceRedis, servers: ['postgres', 'redis'] },
    { id: 'presence-postgres', ...told, subjects: presencePostgres, servers: ['postgres'] },
    { id: 'typing-redis', ...told, subjects: typingRedis, servers: ['postgres', 'redis'] },
    { id: 'typing-postgres', ...told, subjects: typingPostgres, servers: ['postgres'] },
  ];
}
