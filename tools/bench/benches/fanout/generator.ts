import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { ConnectPlan, Order, RunPlan, RunReport, Told } from './generator-orders.ts';

const program = fileURLToPath(new URL('generator-process.ts', import.meta.url));

export type GeneratorOptions = Omit<ConnectPlan, 'worker' | 'workers'> & {
  /** Processes. */
  readonly workers: number;
};

/** The clients of one server, in processes of their own. */
export class Generator {
  readonly #children: readonly ChildProcess[];

  private constructor(children: readonly ChildProcess[]) {
    this.#children = children;
  }

  /** Resolves when all of them hear everything. */
  static async connect({ workers, ...plan }: GeneratorOptions): Promise<Generator> {
    const children = Array.from({ length: workers }, () =>
      fork(program, {
        execArgv: ['--conditions=@parley/source', '--disable-warning=ExperimentalWarning'],
        serialization: 'advanced',
      }),
    );
    const generator = new Generator(children);
    try {
      await generator.#all((worker) => ({ do: 'connect', plan: { ...plan, worker, workers } }));
      return generator;
    } catch (error) {
      await generator.close();
      throw error;
    }
  }

  /** What each process has seen. */
  async run(plan: RunPlan): Promise<readonly RunReport[]> {
    const told = await this.#all(() => ({ do: 'run', plan }));
    return told.flatMap((one) => (one.told === 'ran' ? one.report : []));
  }

  async close(): Promise<void> {
    await Promise.all(
      this.#children.map(async (child) => {
        if (child.exitCode !== null || child.signalCode !== null) return;
        const gone = new Promise((resolve) => void child.once('exit', resolve));
        child.kill('SIGKILL');
        await gone;
      }),
    );
  }

  #all(orderOf: (worker: number) => Order): Promise<readonly Told[]> {
    return Promise.all(this.#children.map((child, worker) => answerOf(child, orderOf(worker))));
  }
}

function answerOf(child: ChildProcess, order: Order): Promise<Told> {
  const { promise, resolve, reject } = Promise.withResolvers<Told>();
  const hear = (told: Told): void => {
    if (told.told === 'failed') reject(new Error(`the generator failed: ${told.error}`));
    else resolve(told);
  };
  const gone = (code: number | null): void => {
    reject(new Error(`a process of the generator ended with ${code ?? 'a signal'}`));
  };
  child.once('message', hear).once('exit', gone);
  // A process that is gone says so by its exit.
  child.send(order, () => {});
  return promise.finally(() => child.off('message', hear).off('exit', gone));
}
