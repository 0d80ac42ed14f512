import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** A process of an application under test: it says when it is ready, and then answers each message with one. */
export class Member<Request, Reply> {
  readonly #process: ChildProcess;

  private constructor(child: ChildProcess) {
    this.#process = child;
  }

  static async start<Request, Reply>(
    file: URL,
    setup: object,
    env: Readonly<Record<string, string>> = {},
  ): Promise<Member<Request, Reply>> {
    const child = fork(fileURLToPath(file), [JSON.stringify(setup)], {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    const member = new Member<Request, Reply>(child);
    await member.#next();
    return member;
  }

  /** Rejects when the process ends instead. One question at a time. */
  ask(request: Request & (object | string)): Promise<Reply> {
    const reply = this.#next();
    this.#process.send(request, () => {});
    return reply;
  }

  stop(): void {
    this.#process.kill('SIGKILL');
  }

  #next(): Promise<Reply> {
    const next = Promise.withResolvers<Reply>();
    const ended = (code: number | null): void =>
      next.reject(new Error(`a process of the application ended with ${code ?? 'a signal'}`));
    this.#process.once('message', (reply: Reply) => next.resolve(reply));
    this.#process.once('exit', ended);
    return next.promise.finally(() => this.#process.off('exit', ended));
  }
}
