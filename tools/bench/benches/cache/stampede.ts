import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Subject, Subjects } from '../../src/scenario.ts';
import type { LibraryName, Wish } from './libraries/library.ts';
import type { StampedeReply, StampedeRequest } from './stampede-process.ts';

const processes = 10;
const callers = 100;
const processFile = fileURLToPath(new URL('stampede-process.ts', import.meta.url));

/** Processes of an application, each with a cache of its own on one store. */
class Stampede {
  readonly #members: readonly ChildProcess[];
  #rounds = 0;

  private constructor(members: readonly ChildProcess[]) {
    this.#members = members;
  }

  static async start(library: LibraryName, wish: Wish): Promise<Stampede> {
    const request: StampedeRequest = { library, wish, callers };
    const members = Array.from({ length: processes }, () =>
      fork(processFile, [JSON.stringify(request)], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] }),
    );
    // One after another: tables are made by the first of them.
    await Promise.all(members.map((member) => once(member, 'message')));
    return new Stampede(members);
  }

  /** All callers of all processes at once for one cold key; how often it was loaded. */
  async run(): Promise<number> {
    this.#rounds += 1;
    const key = `cold:${this.#rounds}`;
    const replies = await Promise.all(
      this.#members.map(async (member) => {
        const answer = once(member, 'message');
        member.send(key);
        const [reply]: [StampedeReply] = (await answer) as [StampedeReply];
        return reply;
      }),
    );
    const failures = replies.flatMap(({ failure }) => failure ?? []);
    if (failures.length > 0) throw new Error(failures[0]);
    return replies.reduce((sum, { loads }) => sum + loads, 0);
  }

  stop(): void {
    for (const member of this.#members) member.kill('SIGKILL');
  }
}

/** The loads of one cold key that 10 processes with 100 callers each ask for at once. */
export function stampedes(server: 'redis' | 'postgres', rivals: readonly LibraryName[]): Subjects {
  const subject =
    (library: LibraryName): Subject =>
    async ({ url, prefix }) => {
      const stampede = await Stampede.start(library, {
        prefix,
        [server]: url(server),
        local: true,
        shared: true,
      });
      return { op: () => stampede.run(), teardown: () => stampede.stop() };
    };
  return {
    ours: subject('parley'),
    rivals: Object.fromEntries(rivals.map((name) => [name, subject(name)])),
  };
}
