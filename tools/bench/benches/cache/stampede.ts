import type { Subject, Subjects } from '../../src/scenario.ts';
import type { LibraryName, Wish } from './libraries/library.ts';
import { Member } from './member.ts';
import type { StampedeReply, StampedeSetup } from './stampede-process.ts';

const processes = 10;
const callers = 100;
const processFile = new URL('stampede-process.ts', import.meta.url);

/** Processes of an application, each with a cache of its own on one store. */
export class Stampede {
  readonly #members: readonly Member<string, StampedeReply>[];
  #rounds = 0;

  private constructor(members: readonly Member<string, StampedeReply>[]) {
    this.#members = members;
  }

  static async start(library: LibraryName, wish: Wish): Promise<Stampede> {
    const setup: StampedeSetup = { library, wish, callers };
    const start = () => Member.start<string, StampedeReply>(processFile, setup);
    return new Stampede(await Promise.all(Array.from({ length: processes }, start)));
  }

  /** All callers of all processes at once for one cold key; how often it was loaded. */
  async run(): Promise<number> {
    this.#rounds += 1;
    const key = `cold:${this.#rounds}`;
    const replies = await Promise.all(this.#members.map((member) => member.ask(key)));
    const failure = replies.find((reply) => reply.failure !== undefined)?.failure;
    if (failure !== undefined) throw new Error(failure);
    return replies.reduce((sum, { loads }) => sum + loads, 0);
  }

  stop(): void {
    for (const member of this.#members) member.stop();
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
