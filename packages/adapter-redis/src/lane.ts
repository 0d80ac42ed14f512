import { Cluster, Command as DriverCommand, type Redis } from 'ioredis';
import type { Link } from './link.ts';
import type { PackedCommand } from './packed.ts';
import { isUnknownScript, type Script } from './script.ts';

export type Word = string | Buffer | number;
export type Command = readonly [name: string, ...words: Word[]];
export interface ScriptCall {
  readonly keys: readonly string[];
  readonly words: readonly Word[];
}
export type KeyedCall = readonly [key: string, ...words: Word[]];

/** How commands go over a link: what belongs together in one write, and every failure as an error of a store. */
export class Lane {
  readonly link: Link;
  readonly clustered: boolean;
  #gathering = false;

  constructor(link: Link) {
    this.link = link;
    this.clustered = link.client instanceof Cluster;
  }

  /** One command. */
  call(what: string, command: Command): Promise<unknown> {
    return this.#try(what, () => this.#send(command));
  }

  /** A command that is packed already; `otherwise` is for a server that does not know its script. Not in Cluster. */
  packed(what: string, command: PackedCommand, otherwise?: () => Promise<unknown>): Promise<unknown> {
    return this.#try(what, async () => {
      try {
        this.#gather();
        return await this.link.client.sendCommand(command);
      } catch (error) {
        if (otherwise === undefined || !isUnknownScript(error)) throw error;
        return otherwise();
      }
    });
  }

  /** Commands that do not depend on one another, in one write for each server. */
  all(what: string, commands: readonly Command[]): Promise<unknown[]> {
    return this.#try(what, () => this.#together(commands, (command) => this.#write(command)));
  }

  /** A script over keys of one slot. */
  async run(what: string, script: Script, keys: readonly string[], words: readonly Word[]): Promise<unknown> {
    if (!this.link.up) await this.link.admit(what);
    try {
      this.#gather();
      return await this.#write(['evalsha', script.sha, keys.length, ...keys, ...words]);
    } catch (error) {
      if (isUnknownScript(error)) return this.#try(what, () => this.#evalWhole(script, keys, words));
      throw this.link.asStoreError(error, what);
    }
  }

  /** A script over keys of one slot, several times, in one write for each server. */
  runAll(what: string, script: Script, calls: readonly ScriptCall[]): Promise<unknown[]> {
    return this.#try(what, () => this.#together(calls, ({ keys, words }) => this.#eval(script, keys, words)));
  }

  /**
   * A script for each of many keys, with as many words for each; its reply is a list with an item for each key. One call where all keys are
   * on one server, one for each key in Cluster.
   */
  runEach(what: string, script: Script, calls: readonly KeyedCall[]): Promise<unknown[]> {
    return this.#try(what, async () => {
      this.#gather();
      if (!this.clustered) {
        const keys = calls.map(([key]) => key);
        const words = calls.flatMap((call) => call.slice(1));
        return asList(await this.#eval(script, keys, words));
      }
      const replies = await this.#together(calls, ([key, ...words]) => this.#eval(script, [key], words));
      return replies.map((reply) => asList(reply)[0]);
    });
  }

  async #try<T>(what: string, work: () => Promise<T>): Promise<T> {
    if (!this.link.up) await this.link.admit(what);
    try {
      return await work();
    } catch (error) {
      throw this.link.asStoreError(error, what);
    }
  }

  #send(command: Command): Promise<unknown> {
    this.#gather();
    return this.#write(command);
  }

  /** The same as the driver's `callBuffer`, without what that looks for on its way. */
  #write([name, ...words]: Command): Promise<unknown> {
    // It is a promise, whatever its type says.
    return Promise.resolve(
      this.link.client.sendCommand(new DriverCommand(name, words, { replyEncoding: null })),
    );
  }

  /** The driver writes each command by itself; what is sent in one turn leaves in one system call, which costs less than its pipelines. */
  #gather(): void {
    if (this.#gathering) return;
    this.#gathering = true;
    const streams = this.link.nodes.map((node): Redis['stream'] | undefined => node.stream);
    for (const stream of streams) stream?.cork();
    process.nextTick(() => {
      this.#gathering = false;
      for (const stream of streams) stream?.uncork();
    });
  }

  async #eval(script: Script, keys: readonly string[], words: readonly Word[]): Promise<unknown> {
    try {
      return await this.#write(['evalsha', script.sha, keys.length, ...keys, ...words]);
    } catch (error) {
      if (!isUnknownScript(error)) throw error;
      return await this.#evalWhole(script, keys, words);
    }
  }

  #evalWhole({ lua }: Script, keys: readonly string[], words: readonly Word[]): Promise<unknown> {
    return this.#write(['eval', lua, keys.length, ...keys, ...words]);
  }

  async #together<Item>(items: readonly Item[], send: (item: Item) => Promise<unknown>): Promise<unknown[]> {
    const [only] = items;
    // Who calls with a list has gathered it: one command needs not wait for the others of its turn.
    if (only !== undefined && items.length === 1) return [await send(only)];
    this.#gather();
    const sent = items.map((item) => send(item));
    // A failure is told when nothing is under way any more: a write must not land after its caller was told that it failed.
    const outcomes = await Promise.allSettled(sent);
    return outcomes.map((outcome) => {
      if (outcome.status === 'rejected') throw outcome.reason;
      return outcome.value;
    });
  }
}

export function asList(reply: unknown): unknown[] {
  if (Array.isArray(reply)) return reply;
  throw new TypeError('the server must answer with a list');
}
