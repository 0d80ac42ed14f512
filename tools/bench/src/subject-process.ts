import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Reply, Request } from './protocol.ts';

const childFile = fileURLToPath(new URL('./child.ts', import.meta.url));
const flags = ['--conditions=@parley/source', '--disable-warning=ExperimentalWarning', '--expose-gc'];
const running = new Set<number>();

/** Ends every process of a subject that still runs, at once and by its id. For the moment when the runner itself must end. */
export function killSubjects(): void {
  for (const pid of running) killGroup(pid);
}

/** The process of one subject, and whatever that starts: it leads a group of its own, which ends as a whole. */
export class SubjectProcess {
  readonly #child: ChildProcess;
  readonly #gone: Promise<void>;
  #output = '';
  #ending: string | undefined;

  constructor(nodeFlags: readonly string[] = []) {
    this.#child = fork(childFile, {
      detached: true,
      execArgv: [...flags, ...nodeFlags],
      serialization: 'advanced',
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    const { pid } = this.#child;
    if (pid !== undefined) running.add(pid);
    const keep = (chunk: Buffer): void => {
      this.#output = (this.#output + chunk.toString()).slice(-4000);
    };
    this.#child.stdout?.on('data', keep);
    this.#child.stderr?.on('data', keep);
    this.#gone = new Promise((gone) => {
      this.#child.once('error', (error) => {
        this.#ending = `could not be started: ${error.message}`;
        gone();
      });
      this.#child.once('exit', (code, signal) => {
        // Whatever it has started would hold its streams open, and itself.
        if (pid !== undefined) killGroup(pid);
        this.#ending = signal === null ? `ended with exit code ${code}` : `ended by ${signal}`;
      });
      this.#child.once('close', () => {
        if (pid !== undefined) running.delete(pid);
        gone();
      });
    });
  }

  /** Rejects with what happened instead of an answer: the subject threw, hung, or its process ended. */
  async ask(request: Request, deadlineMs: number): Promise<Reply & { ok: true }> {
    const reply = await this.#replyTo(request, deadlineMs);
    if (!reply.ok) throw new Error(`threw in ${request.do}: ${reply.error}`);
    return reply;
  }

  /** Resolves when the process and all it has started are gone. */
  async end(): Promise<void> {
    if (this.#child.pid !== undefined) killGroup(this.#child.pid);
    await this.#gone;
  }

  #replyTo(request: Request, deadlineMs: number): Promise<Reply> {
    const outcome = Promise.withResolvers<Reply>();
    const timer = setTimeout(() => {
      outcome.reject(new Error(`hung in ${request.do}: no answer within ${deadlineMs / 1000} s`));
    }, deadlineMs);
    this.#child.once('message', outcome.resolve);
    void this.#gone.then(() => {
      const last = this.#output.trim();
      const said = last === '' ? '' : `; its last output:\n${last}`;
      outcome.reject(new Error(`crashed in ${request.do}: ${this.#ending ?? 'gone'}${said}`));
    });
    // A process that is gone says so by its exit; the failure to send to it adds nothing.
    this.#child.send(request, () => {});
    return outcome.promise.finally(() => {
      clearTimeout(timer);
      this.#child.off('message', outcome.resolve);
    });
  }
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (error) {
    // Nobody of the group is left.
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}
