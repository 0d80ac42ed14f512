import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { LibraryName, Wish, Written } from '../benches/cache/libraries/library.ts';

export type ActorRequest =
  | { readonly call: 'set'; readonly key: string; readonly value: string; readonly options: Written }
  | { readonly call: 'invalidateTag'; readonly tag: string };

export interface ActorReply {
  readonly error?: string;
}

const processFile = fileURLToPath(new URL('actor-process.ts', import.meta.url));

/** A process with a cache of its own, such as on a host with another clock. */
export class Actor {
  readonly #process: ChildProcess;

  private constructor(child: ChildProcess) {
    this.#process = child;
  }

  static async start(
    library: LibraryName,
    wish: Wish,
    env: Readonly<Record<string, string>>,
  ): Promise<Actor> {
    const child = fork(processFile, [JSON.stringify({ library, wish })], {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    await once(child, 'message');
    return new Actor(child);
  }

  async ask(request: ActorRequest): Promise<void> {
    const answer = once(this.#process, 'message');
    this.#process.send(request);
    const [reply] = (await answer) as [ActorReply];
    if (reply.error !== undefined) throw new Error(reply.error);
  }

  stop(): void {
    this.#process.kill('SIGKILL');
  }
}
