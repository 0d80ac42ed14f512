import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export interface ProgramOptions {
  readonly env: Readonly<Record<string, string>>;

  /** Whether `memory` can be asked. */
  readonly probed?: boolean;
}

export interface Memory {
  readonly rss: number;
  readonly heapUsed: number;
  readonly external: number;
}

function isMemory(answer: unknown): answer is Memory {
  return typeof answer === 'object' && answer !== null && 'heapUsed' in answer;
}

/** A server in a process of its own, which says `... is ready: <address>` when it is. */
export class Program {
  readonly #child: ChildProcess;
  readonly #startedAt = performance.now();
  readonly #gone: Promise<void>;
  #said = '';
  #errors = '';

  constructor(file: URL, { env, probed = false }: ProgramOptions) {
    const probe = ['--expose-gc', `--import=${new URL('probe.ts', import.meta.url).href}`];
    const flags = ['--conditions=@parley/source', ...(probed ? probe : [])];
    this.#child = spawn(process.execPath, [...flags, fileURLToPath(file)], {
      env: { PATH: process.env['PATH'], NODE_NO_WARNINGS: '1', ...env },
      stdio: ['ignore', 'pipe', 'pipe', ...(probed ? (['ipc'] as const) : [])],
    });
    this.#gone = new Promise((gone) => this.#child.once('close', () => gone()));
    this.#child.stdout?.on('data', (chunk: Buffer) => (this.#said += chunk.toString()));
    this.#child.stderr?.on('data', (chunk: Buffer) => {
      this.#errors = (this.#errors + chunk.toString()).slice(-4000);
    });
  }

  /** How long it took until it was ready, in milliseconds; rejects when it ends instead. */
  async ready(): Promise<number> {
    await this.#says(/ is ready: (\S+)\/\n/u);
    return performance.now() - this.#startedAt;
  }

  /** Without the last slash. */
  get url(): string {
    return / is ready: (\S+)\/\n/u.exec(this.#said)?.[1] ?? '';
  }

  get pid(): number {
    const { pid } = this.#child;
    if (pid === undefined) throw new Error('the server could not be started');
    return pid;
  }

  /** The code by which somebody becomes the owner of a new hub. */
  setupCode(): Promise<string> {
    return this.#says(/#setup=([\w-]+) /u);
  }

  /** What is held when garbage has been collected. */
  async memory(): Promise<Memory> {
    const gone = this.#gone.then(() => Promise.reject(new Error('the server is gone')));
    this.#child.send('memory');
    for (;;) {
      const told = new Promise<unknown>((resolve) => this.#child.once('message', resolve));
      const answer = await Promise.race([told, gone]);
      // The hub tells who started it of other things as well.
      if (isMemory(answer)) return answer;
    }
  }

  async stop(): Promise<void> {
    const late = setTimeout(() => this.#child.kill('SIGKILL'), 20_000);
    this.#child.kill('SIGTERM');
    await this.#gone;
    clearTimeout(late);
  }

  async #says(pattern: RegExp): Promise<string> {
    for (;;) {
      const found = pattern.exec(this.#said)?.[1];
      if (found !== undefined) return found;
      if (this.#child.exitCode !== null || this.#child.signalCode !== null)
        throw new Error(`the server ended before it was ready:\n${this.#errors}`);
      await this.#more();
    }
  }

  /** Resolves when something was said, or nothing will be. */
  #more(): Promise<void> {
    return new Promise((resolve) => {
      this.#child.stdout?.once('data', () => resolve());
      this.#child.once('close', () => resolve());
    });
  }
}
