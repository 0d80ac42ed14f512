import type { Clock, Random, Timer } from '@parley/cache-core/kernel';
import type { ReadRequest, StreamPage } from './broker.ts';
import type { Position } from './position.ts';
import type { BusStats } from './stats.ts';

/** Something whose position is compared with the log now and then. */
export interface Checked {
  readonly name: string;
  readonly live: boolean;
  /** Tells whether that was news. */
  readonly advanced: (position: Position, asOf: number) => boolean;
}

export interface CheckerOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly stats: BusStats;
  readonly read: (request: ReadRequest) => Promise<StreamPage>;
}

/** Those who are checked at the same intervals. */
interface Round {
  readonly members: Set<Checked>;
  timer: Timer | undefined;
}

/**
 * Finds what nobody told of. Every so often, at times that are drawn anew, the position of everything that thinks to be up to date is
 * compared with its log.
 */
export class Checker {
  readonly #options: CheckerOptions;
  readonly #rounds = new Map<number, Round>();

  constructor(options: CheckerOptions) {
    this.#options = options;
  }

  /** Returns what ends it. */
  add(everyMs: number, member: Checked): () => void {
    let round = this.#rounds.get(everyMs);
    if (round === undefined) this.#rounds.set(everyMs, (round = { members: new Set(), timer: undefined }));
    round.members.add(member);
    this.#arm(everyMs, round);
    return () => {
      round.members.delete(member);
      if (round.members.size > 0) return;
      round.timer?.cancel();
      round.timer = undefined;
    };
  }

  #arm(everyMs: number, round: Round): void {
    if (round.timer !== undefined) return;
    const afterMs = everyMs * (5 / 6 + this.#options.random() / 2);
    round.timer = this.#options.clock.timer(
      afterMs,
      () => {
        round.timer = undefined;
        void this.#check(everyMs, round);
      },
      { unref: true },
    );
  }

  async #check(everyMs: number, round: Round): Promise<void> {
    const asOf = this.#options.clock.monotonic();
    await Promise.all(
      [...round.members].filter(({ live }) => live).map((member) => this.#compare(member, asOf)),
    );
    if (round.members.size > 0) this.#arm(everyMs, round);
  }

  async #compare(member: Checked, asOf: number): Promise<void> {
    try {
      const { epoch, top } = await this.#options.read({ channel: member.name, after: undefined, limit: 0 });
      if (member.advanced({ epoch, offset: top }, asOf)) this.#options.stats.lateFinds += 1;
    } catch {
      // The next round asks again; until then nothing is vouched for.
    }
  }
}
