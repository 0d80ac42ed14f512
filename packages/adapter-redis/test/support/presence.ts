import assert from 'node:assert/strict';
import { isParleyError } from '@parley/cache-core/kernel';
import type { Change, PresenceStore, SetEntry } from '@parley/presence';
import type { LogLedger } from '@parley/presence/conformance';
import { seededRandom, until, type Random } from '@parley/services';

/** Longer than any test takes. */
export const longMs = 3_600_000;

export const setting = (
  channel: string,
  user: string,
  id: string,
  more: Partial<SetEntry> = {},
): SetEntry => ({
  kind: 'set',
  channel,
  user,
  id,
  rank: 1,
  value: '',
  take: false,
  owned: true,
  idleMs: longMs,
  ...more,
});

/** Undefined: it failed as what may be tried again. */
export async function attempt<T>(call: Promise<T>): Promise<T | undefined> {
  return call.catch((error: unknown) => {
    if (!isParleyError(error, 'STORE_UNAVAILABLE')) throw error;
    return undefined;
  });
}

export type Names = readonly [string, ...string[]];

/** A process that comes, goes, crashes and takes out what others left, and knows what it has. */
export class Comer {
  readonly #store: PresenceStore;
  readonly #random: Random;
  readonly #name: string;
  readonly #ledger: LogLedger;
  readonly has = new Map<string, Set<string>>();
  lease = '';
  done = 0;
  #turn = 0;

  constructor(store: PresenceStore, ledger: LogLedger, number: number) {
    this.#store = store;
    this.#random = seededRandom(number + 1);
    this.#name = `process${number}`;
    this.#ledger = ledger;
  }

  /** @param slots the channels of each */
  async run(slots: readonly [Names, ...Names[]], isOver: () => boolean): Promise<void> {
    while (this.lease === '') await this.#begin();
    while (!isOver()) {
      const what = this.#random.next();
      if (what < 0.1) this.#ledger.take((await attempt(this.#store.reap(50)))?.appended ?? []);
      else if (what < 0.13) await this.#crash();
      else await this.#change(this.#random.pick(slots));
    }
  }

  async #begin(): Promise<void> {
    const lease = `${this.#name}.${(this.#turn += 1)}`;
    if ((await attempt(this.#store.open(lease, longMs))) !== undefined) this.lease = lease;
  }

  async #crash(): Promise<void> {
    const { lease } = this;
    await until(() => this.#store.end([lease]).then(() => true), { what: 'it has ended' });
    this.has.clear();
    this.lease = '';
    while (this.lease === '') await this.#begin();
  }

  /** All of one slot, so that it is carried out or is not. */
  async #change(channels: Names): Promise<void> {
    const some = Array.from({ length: 6 }, () => this.#random.pick(channels));
    const changes = [...new Set(some)].map((channel): Change => {
      const [user, id] = [
        this.#random.pick(['ann', 'bob', 'cy']),
        `${this.lease} ${this.#random.between(1, 2)}`,
      ];
      if (this.#random.chance(0.4)) return { kind: 'remove', channel, user, id };
      return setting(channel, user, id, {
        rank: this.#random.pick([1, 2]),
        value: this.#random.pick(['', 'x']),
      });
    });
    const changed = await attempt(
      this.#store.change({ lease: this.lease, turn: (this.#turn += 1), changes }),
    );
    if (changed === undefined) return;
    assert.equal(changed.verdict, 'done');
    this.done += 1;
    this.#ledger.take(changed.appended);
    for (const { kind, channel, user, id } of changes) {
      const has = this.has.get(channel) ?? new Set();
      this.has.set(channel, has);
      if (kind === 'set') has.add(`${user} ${id}`);
      else has.delete(`${user} ${id}`);
    }
  }
}
