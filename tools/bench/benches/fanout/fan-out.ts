import { cpuSecondsOf } from '../../src/cpu.ts';
import type { Subject } from '../../src/scenario.ts';
import { machineMs } from '../presence/machine-clock.ts';
import { Generator } from './generator.ts';
import type { RunPlan } from './generator-orders.ts';
import { outcomeOf } from './outcome.ts';
import type { Serve } from './servers.ts';

/** The same for all subjects. */
export interface FanOut {
  readonly perSecond: number;

  /** Who are in the channel, hear all of it and speak in turns. */
  readonly members: number;

  /** Characters of a message. */
  readonly length: number;

  /** Of each round. */
  readonly seconds: number;

  /** How long is waited for what has not come. */
  readonly drainMs: number;

  /** Processes of the generator. */
  readonly workers: number;
}

/** What the processes have to be told before the first message is due. */
const leadMs = 100;

/** A server, its clients in processes of their own, and what is delivered for each second that the server's processor was busy. */
export function fanOut(serve: Serve, load: FanOut, { ownClients = false } = {}): Subject {
  return async (environment) => {
    const { members, length, perSecond, drainMs, workers } = load;
    const seconds = environment.quick ? load.seconds / 5 : load.seconds;
    const served = await serve(environment, members);
    const { url, speech } = served;
    const generator = await Generator.connect({ url, speech, members, ownClients, workers }).catch(
      async (error: unknown) => {
        await served.stop();
        throw error;
      },
    );
    const busy = (pid: number): number => {
      const used = cpuSecondsOf([pid]);
      if (used === undefined) throw new Error('what a server uses is known on Linux only');
      return used;
    };
    let runs = 0;
    let figures: Record<string, number> = {};
    const run = async (messages: number) => {
      const plan: RunPlan = {
        run: (runs += 1),
        messages,
        perSecond,
        length,
        from: machineMs() + leadMs,
        drainMs,
      };
      return outcomeOf(await generator.run(plan));
    };
    return {
      async op() {
        // While the others had their turns, this server has gone cold.
        await run(Math.ceil((perSecond * seconds) / 10));
        const pids = { server: served.pid, ...served.leansOn };
        const before = Object.entries(pids).map(([name, pid]) => ({ name, pid, used: busy(pid) }));
        const outcome = await run(perSecond * seconds);
        const used = Object.fromEntries(before.map(({ name, pid, used }) => [name, busy(pid) - used]));
        const { server = 0, ...others } = used;
        if (server === 0) throw new Error('too little was delivered to tell what it took');
        figures = {
          ...outcome.figures,
          nodeCpuSeconds: server,
          ...Object.fromEntries(
            Object.entries(others).map(([name, seconds]) => [`${name}CpuSeconds`, seconds]),
          ),
        };
        return outcome.delivered / server;
      },
      figures: () => figures,
      async teardown() {
        await generator.close();
        await served.stop();
      },
    };
  };
}
