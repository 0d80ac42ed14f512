import { machineNow } from './clock.ts';
import { machineBusySeconds, usageOf, type Measured, type ProcessRole } from './processes.ts';

export interface ProcessSample {
  /** By the clock of the machine. */
  readonly at: number;
  readonly name: string;
  readonly role: ProcessRole;
  /** Of one processor, since the sample before: 1 is all of it. */
  readonly cpu: number;
  /** Megabytes; it is asked for less often, as it takes the kernel a while. */
  readonly pss: number | undefined;
}

const everyMs = 1_000;
const memoryEvery = 5;

/** Looks at processes as long as they are measured. */
export class Sampler {
  readonly samples: ProcessSample[] = [];
  readonly #measured: () => readonly Measured[];
  readonly #before = new Map<number, { readonly at: number; readonly cpuSeconds: number }>();
  #timer: NodeJS.Timeout | undefined;
  #nth = 0;
  #busyBefore: { readonly at: number; readonly seconds: number } | undefined;

  constructor(measured: () => readonly Measured[]) {
    this.#measured = measured;
  }

  start(): void {
    this.sample(true);
    this.#timer = setInterval(() => this.sample(), everyMs);
  }

  stop(): void {
    clearInterval(this.#timer);
    this.sample(true);
  }

  /** Of all hubs or servers together, in megabytes. */
  memoryOf(roles: readonly ProcessRole[]): number {
    return usageOf(this.#measured(), { memory: true })
      .filter(({ role }) => roles.includes(role))
      .reduce((sum, { pss = 0 }) => sum + pss, 0);
  }

  sample(memory = this.#nth % memoryEvery === 0): void {
    this.#nth += 1;
    const at = machineNow();
    let ours = 0;
    for (const { name, role, pid, cpuSeconds, pss } of usageOf(this.#measured(), { memory })) {
      const before = this.#before.get(pid);
      this.#before.set(pid, { at, cpuSeconds });
      // One that has just begun has used what it has within a time that is not known.
      const cpu = before === undefined ? 0 : ((cpuSeconds - before.cpuSeconds) * 1_000) / (at - before.at);
      ours += Math.max(0, cpu);
      this.samples.push({ at, name, role, cpu: Math.max(0, cpu), pss });
    }
    this.#sampleOthers(at, ours);
  }

  /** What else the machine does, this process among it. */
  #sampleOthers(at: number, ours: number): void {
    const seconds = machineBusySeconds();
    if (seconds === undefined) return;
    const before = this.#busyBefore;
    this.#busyBefore = { at, seconds };
    if (before === undefined) return;
    const busy = ((seconds - before.seconds) * 1_000) / (at - before.at);
    const cpu = Math.max(0, busy - ours);
    this.samples.push({ at, name: 'everything else', role: 'other', cpu, pss: undefined });
  }
}
