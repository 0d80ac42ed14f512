import { setTimeout as sleep } from 'node:timers/promises';
import { Latencies } from '../../src/load/latencies.ts';
import type { Subject, SubjectEnvironment, Subjects } from '../../src/scenario.ts';
import { HttpClient } from './http.ts';
import { openBare, openHub } from './server.ts';
import type { OpenServer, ServerOptions } from './server.ts';

type Keeps = (environment: SubjectEnvironment) => ServerOptions['keeps'];

const folder: Keeps = () => 'folder';
const postgres: Keeps = ({ url }) => ({ url: url('postgres') });

/** One client that sends, and waits until it is committed. */
function overRest(open: OpenServer, keeps: Keeps): Subject {
  return async (environment) => {
    const server = await open({ keeps: keeps(environment) });
    const client = new HttpClient(server.program.url);
    return {
      op: (i) => client.ask(server.post(`message ${i}`)),
      async teardown() {
        client.close();
        await server.stop();
      },
    };
  };
}

/** A message over REST is charged twice: to the address, and to the user. */
function limitedRest(keeps: Keeps, hasRedis = false): Subjects {
  const open =
    (limited: boolean): Subject =>
    (environment) =>
      overRest((options) => {
        const redis = hasRedis ? environment.url('redis') : undefined;
        return openHub({ ...options, limited, ...(redis !== undefined && { redis }) });
      }, keeps)(environment);
  return { ours: open(true), floor: open(false) };
}

/** What a hub lets one socket send in a while. */
const framesPerSecond = 500;
const perRound = 300;

/** One socket that has so many messages under way; by latency, or by how many a second. */
function overSocket(open: OpenServer, inFlight: number, figure: 'p50' | 'perSecond'): Subject {
  return async () => {
    const server = await open({ keeps: 'folder' });
    const socket = await server.connect(0);
    let figures: Record<string, number> = {};
    let allowedAt = 0;
    return {
      async op() {
        // A pause that is not measured, so that no round is held up for what the one before has sent.
        await sleep(Math.max(0, allowedAt - performance.now()));
        allowedAt = performance.now() + (perRound * 1_000) / framesPerSecond;
        const latencies = new Latencies();
        const startedAt = performance.now();
        let begun = 0;
        const worker = async (): Promise<void> => {
          while (begun < perRound) {
            const from = performance.now();
            await socket.ask(server.frame(`message ${begun++}`));
            latencies.record(performance.now() - from);
          }
        };
        await Promise.all(Array.from({ length: inFlight }, worker));
        const perSecond = (perRound * 1_000) / (performance.now() - startedAt);
        figures = { ...latencies.percentiles(), perSecond };
        return figures[figure];
      },
      figures: () => figures,
      async teardown() {
        socket.close();
        await server.stop();
      },
    };
  };
}

export const sendRest: Subjects = { ours: overRest(openHub, folder), floor: overRest(openBare, folder) };
export const sendPostgres: Subjects = {
  ours: overRest(openHub, postgres),
  floor: overRest(openBare, postgres),
};
export const sendSocket: Subjects = {
  ours: overSocket(openHub, 1, 'p50'),
  floor: overSocket(openBare, 1, 'p50'),
};
export const sendSocketMany: Subjects = {
  ours: overSocket(openHub, 16, 'perSecond'),
  floor: overSocket(openBare, 16, 'perSecond'),
};

/** What limits cost: a hub that counts, against one that does not. */
export const limitsEmbedded: Subjects = limitedRest(folder);
export const limitsPostgres: Subjects = limitedRest(postgres);
export const limitsRedis: Subjects = limitedRest(postgres, true);
