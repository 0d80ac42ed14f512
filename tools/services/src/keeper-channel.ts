import type { ChildProcessByStdio } from 'node:child_process';
import { spawn } from 'node:child_process';
import { Socket } from 'node:net';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import type { Message, Request } from './keeper-protocol.ts';

/** A request before it is numbered. */
export type RequestBody = Request extends infer R ? (R extends unknown ? Omit<R, 'id'> : never) : never;

type KeeperProcess = ChildProcessByStdio<Writable, Readable, Readable>;
type Answer = Extract<Message, { id: number }>;

export interface ChannelEvents {
  readonly onEvent: (message: Exclude<Message, Answer>) => void;
  /** The keeper is gone: `complaint` is the end of what it wrote to stderr. */
  readonly onClosed: (complaint: string) => void;
}

function launchKeeper(): KeeperProcess {
  // Options of the owner (a debugger, a coverage folder) are not meant for the keeper.
  const { NODE_OPTIONS: _options, NODE_V8_COVERAGE: _coverage, ...env } = process.env;
  const program = fileURLToPath(new URL('./keeper-process.ts', import.meta.url));
  return spawn(process.execPath, ['--disable-warning=ExperimentalWarning', program], {
    // A session of its own: Ctrl+C in the terminal of the owner must not reach it before it has tidied up.
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe'],
    env,
  });
}

/** Requests and answers over the standard streams of the keeper process. */
export class KeeperChannel {
  readonly #process = launchKeeper();
  readonly #pending = new Map<number, (answer: Answer | Error) => void>();
  #nextId = 1;
  #complaint = '';
  #closed = false;

  constructor({ onEvent, onClosed }: ChannelEvents) {
    const { stdin, stdout, stderr } = this.#process;
    stdin.on('error', () => undefined);
    stderr.on('data', (chunk: Buffer) => {
      this.#complaint = (this.#complaint + chunk.toString()).slice(-4096);
    });
    createInterface({ input: stdout }).on('line', (line) => {
      const message: Message = JSON.parse(line);
      if ('id' in message) this.#settle(message);
      else onEvent(message);
    });
    const close = (reason: string): void => {
      if (this.#closed) return;
      this.#closed = true;
      for (const settle of this.#pending.values())
        settle(new Error(`the keeper of the servers is gone: ${reason}`));
      this.#pending.clear();
      onClosed(reason);
    };
    this.#process.once('error', (error) => close(error.message));
    this.#process.once('close', () => close(this.#complaint));
  }

  get pid(): number {
    return this.#process.pid ?? 0;
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** Answers with the pid, where the request starts a process. */
  async ask(body: RequestBody): Promise<number | undefined> {
    if (this.#closed) throw new Error('the keeper of the servers is gone');
    const id = this.#nextId++;
    const answer = await new Promise<Answer | Error>((resolve) => {
      this.#pending.set(id, resolve);
      this.hold(true);
      this.#process.stdin.write(`${JSON.stringify({ ...body, id })}\n`);
    });
    if (answer instanceof Error) throw answer;
    if (answer.event === 'failed') throw new Error(answer.message);
    return answer.pid;
  }

  /** The end of its input is what tells the keeper to end. */
  async end(): Promise<void> {
    if (this.#closed) return;
    this.hold(true);
    const closed = new Promise<void>((resolve) => {
      this.#process.once('close', () => resolve());
    });
    this.#process.stdin.end();
    await closed;
  }

  /** The owner may end whenever it likes, except while it waits for an answer. */
  hold(hold: boolean): void {
    const { stdin, stdout, stderr } = this.#process;
    // Pipes of a child process are sockets, which its type does not say.
    const sockets = [stdin, stdout, stderr].filter((stream) => stream instanceof Socket);
    for (const handle of [this.#process, ...sockets]) {
      if (hold) handle.ref();
      else handle.unref();
    }
  }

  #settle(answer: Answer): void {
    const settle = this.#pending.get(answer.id);
    this.#pending.delete(answer.id);
    if (this.#pending.size === 0) this.hold(false);
    settle?.(answer);
  }
}
