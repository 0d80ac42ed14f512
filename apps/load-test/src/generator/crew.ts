import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Measured } from '../measure/processes.ts';
import type { Interval, Order, Outcome, Report, WorkPlan } from './protocol.ts';

const program = fileURLToPath(new URL('worker-process.ts', import.meta.url));

const connectWithinMs = 300_000;

type Told<T extends Report['told']> = Extract<Report, { told: T }>;

export interface CrewOptions {
  readonly plan: Omit<WorkPlan, 'worker' | 'workers'>;
  readonly workers: number;
  readonly onInterval: (interval: Interval) => void;
}

/** All processes of the generator. */
export class Crew implements AsyncDisposable {
  readonly #children: readonly ChildProcess[];
  readonly #waiting = new Set<(report: Report, from: ChildProcess) => void>();
  readonly #failed = Promise.withResolvers<never>();
  readonly #options: CrewOptions;
  #ended = false;

  constructor(options: CrewOptions) {
    this.#options = options;
    // Whoever waits for something is told.
    this.#failed.promise.catch(() => undefined);
    this.#children = Array.from({ length: options.workers }, () => this.#hire());
  }

  get measured(): Measured[] {
    return this.#children.map(({ pid }, i) => ({
      name: `generator-${i + 1}`,
      role: 'generator',
      pid: () => pid,
    }));
  }

  /** Resolves when all agents are live for the first time; rejects when some of them are not after so long. */
  async connect(withinMs = connectWithinMs): Promise<void> {
    const { plan, workers } = this.#options;
    const connected = this.#each('connected');
    const late = setTimeout(() => {
      this.#failed.reject(new Error(`not all agents were connected within ${withinMs / 1_000} s`));
    }, withinMs);
    for (const [worker, child] of this.#children.entries()) {
      const agents = plan.agents.filter(({ index }) => index % workers === worker);
      child.send({ do: 'connect', plan: { ...plan, worker, workers, agents } } satisfies Order);
    }
    await connected.finally(() => clearTimeout(late));
  }

  /** Resolves when everything was said and answered. */
  run(period: Omit<Extract<Order, { do: 'run' }>, 'do'>): Promise<readonly Told<'sent'>[]> {
    const sent = this.#each('sent');
    this.order({ do: 'run', ...period });
    return sent;
  }

  order(order: Order): void {
    for (const child of this.#children) child.send(order);
  }

  settle(heads: readonly number[], withinMs: number): Promise<readonly Outcome[]> {
    const outcomes = this.#each('outcome');
    this.order({ do: 'settle', heads, withinMs });
    return outcomes;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#ended = true;
    await Promise.all(
      this.#children.map(async (child) => {
        if (child.exitCode !== null || child.signalCode !== null) return;
        const gone = new Promise((resolve) => void child.once('exit', resolve));
        if (child.connected) child.send({ do: 'end' } satisfies Order);
        const late = setTimeout(() => child.kill('SIGKILL'), 5_000);
        await gone;
        clearTimeout(late);
      }),
    );
  }

  #hire(): ChildProcess {
    const child = fork(program, {
      execArgv: ['--conditions=@parley/source', '--disable-warning=ExperimentalWarning'],
      serialization: 'advanced',
      env: { ...process.env, NODE_OPTIONS: '' },
    });
    child.on('message', (report: Report) => {
      if (report.told === 'interval') this.#options.onInterval(report);
      else if (report.told === 'failed')
        this.#failed.reject(new Error(`the generator failed: ${report.error}`));
      else for (const hear of this.#waiting) hear(report, child);
    });
    child.once('exit', (code, signal) => {
      if (!this.#ended)
        this.#failed.reject(new Error(`a process of the generator ended with ${signal ?? code}`));
    });
    return child;
  }

  /** What each of them tells, in their order. */
  async #each<T extends Report['told']>(told: T): Promise<readonly Told<T>[]> {
    const reports = new Map<ChildProcess, Told<T>>();
    const all = Promise.withResolvers<void>();
    const isIt = (report: Report): report is Told<T> => report.told === told;
    const hear = (report: Report, from: ChildProcess): void => {
      if (!isIt(report)) return;
      reports.set(from, report);
      if (reports.size === this.#children.length) all.resolve();
    };
    this.#waiting.add(hear);
    try {
      await Promise.race([all.promise, this.#failed.promise]);
    } finally {
      this.#waiting.delete(hear);
    }
    return this.#children.flatMap((child) => reports.get(child) ?? []);
  }
}
