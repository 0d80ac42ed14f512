import { randomUUID } from 'node:crypto';
import { chmod, chown, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { RequestBody } from './keeper-channel.ts';
import { KeeperChannel } from './keeper-channel.ts';
import type { Command, LastRequest } from './keeper-protocol.ts';
import type { ExitStatus } from './server.ts';
import { removeFolderOfDead } from './temporary.ts';

/** A process from its start to its end. Every method settles, also when the process has ended. */
export interface KeptProcess {
  readonly pid: number;
  /** Undefined as long as it runs. */
  status(): ExitStatus | undefined;
  /** Resolves when it has ended. Does not keep the caller's process from ending first, as a server must not. */
  readonly exited: Promise<ExitStatus>;
  /** The same for who does nothing else meanwhile: it does keep the caller's process. */
  wait(): Promise<ExitStatus>;
  pause(): Promise<void>;
  resume(): Promise<void>;
  kill(): Promise<void>;
  /** Sends the signal, and SIGKILL when the process still runs after `deadline` ms, or at once when it is paused. */
  stop(signal: NodeJS.Signals, deadline: number): Promise<void>;
}

const KILLED: ExitStatus = { code: null, signal: 'SIGKILL' };

/** The owner's end of the watchdog process: see `keeper-process.ts`. */
export class Keeper {
  readonly #channel: KeeperChannel;
  readonly #ready = Promise.withResolvers<string>();
  readonly #watchers = new Map<number, (status: ExitStatus) => void>();
  /** Ends that were told before the answer to `spawn`. */
  readonly #early = new Map<number, ExitStatus>();

  #aftermath: Promise<void> | undefined;

  constructor(onClosed: () => void) {
    // Whoever waits for the folder is told; nobody has to.
    this.#ready.promise.catch(() => undefined);
    this.#channel = new KeeperChannel({
      onEvent: (message) => {
        if (message.event === 'exit') return this.#onExit(message.pid, message.status);
        this.#ready.resolve(message.folder);
        this.#channel.hold(false);
      },
      onClosed: (complaint) => {
        onClosed();
        this.#ready.reject(new Error(`the keeper of the servers did not start: ${complaint}`));
        this.#aftermath = this.#afterClose();
      },
    });
  }

  get pid(): number {
    return this.#channel.pid;
  }

  /** Parent of all folders of this owner. */
  get folder(): Promise<string> {
    return this.#ready.promise;
  }

  /** A new folder that goes away with the owner. With `user`, it belongs to that user. */
  async createFolder(name: string, user?: Command['user']): Promise<string> {
    const folder = join(await this.folder, `${name}-${randomUUID().slice(0, 8)}`);
    await mkdir(folder);
    if (user !== undefined) await chown(folder, user.uid, user.gid);
    // Postgres insists on it.
    await chmod(folder, 0o700);
    return folder;
  }

  async removeFolder(folder: string): Promise<void> {
    await this.#channel.ask({ do: 'remove', folder });
  }

  async spawn(command: Command): Promise<KeptProcess> {
    const pid = await this.#channel.ask({ do: 'spawn', command });
    if (pid === undefined) throw new Error('the keeper answered without a pid');
    const exit = Promise.withResolvers<ExitStatus>();
    let status = this.#early.get(pid);
    this.#early.delete(pid);
    const onExit = (told: ExitStatus): void => {
      status = told;
      exit.resolve(told);
    };
    if (status === undefined) this.#watchers.set(pid, onExit);
    else onExit(status);
    // A finished process is never named to the keeper again: its pid may be another one's by then.
    const whileRunning = async (body: RequestBody): Promise<void> => {
      if (status !== undefined) return;
      await this.#channel.ask(body).catch((error: unknown) => {
        // Without its keeper the process is gone, or about to be.
        if (!this.#channel.closed) throw error;
      });
      if (this.#channel.closed) await this.#aftermath;
    };
    return {
      pid,
      exited: exit.promise,
      status: () => status,
      async wait() {
        await whileRunning({ do: 'wait', pid });
        return status ?? KILLED;
      },
      pause: () => whileRunning({ do: 'pause', pid }),
      resume: () => whileRunning({ do: 'resume', pid }),
      kill: () => whileRunning({ do: 'kill', pid }),
      stop: (signal, deadline) => whileRunning({ do: 'stop', pid, signal, deadline }),
    };
  }

  /** Has the keeper send a request when the owner is gone, unless it is told to forget it. */
  async promise(name: string, request: LastRequest): Promise<void> {
    await this.#channel.ask({ do: 'promise', name, request });
  }

  async forget(name: string): Promise<void> {
    await this.#channel.ask({ do: 'forget', name });
  }

  /** Ends all servers, removes all folders, and resolves when the keeper is gone. */
  stop(): Promise<void> {
    return this.#channel.end();
  }

  #onExit(pid: number, status: ExitStatus): void {
    const watcher = this.#watchers.get(pid);
    if (watcher === undefined) this.#early.set(pid, status);
    this.#watchers.delete(pid);
    watcher?.(status);
  }

  async #afterClose(): Promise<void> {
    const folder = await this.folder.catch(() => undefined);
    // A keeper that was killed could not do its work.
    if (folder !== undefined) await removeFolderOfDead(folder).catch(() => undefined);
    for (const watcher of this.#watchers.values()) watcher(KILLED);
    this.#watchers.clear();
  }
}

let current: Keeper | undefined;

/** The keeper of this process, started when it is first needed, and again should it be gone. */
export async function keeper(): Promise<Keeper> {
  if (current === undefined) {
    const started: Keeper = new Keeper(() => {
      if (current === started) current = undefined;
    });
    current = started;
  }
  await current.folder;
  return current;
}

/** Ends everything that this process has started; resolves when it is gone. */
export async function stopKeeper(): Promise<void> {
  await current?.stop();
}
