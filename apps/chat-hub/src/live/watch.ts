import { withDeadline, type Clock, type Random, type Timer } from '@parley/cache-core/kernel';
import type { LogEpoch } from './epoch.ts';
import type { Rooms } from './rooms.ts';
import type { Moved } from './watch-query.ts';
import type { Wire } from './wire.ts';

export interface WatchOptions {
  readonly rooms: Rooms;
  readonly wire: Wire;
  readonly epoch: LogEpoch;
  /** The users who are connected here, with the `rev` of each that is known. */
  readonly users: () => ReadonlyMap<string, number>;
  /** The rights of this user are not what they were. */
  readonly onUser: (userId: string) => void;
  readonly ask: (
    heads: ReadonlyMap<string, number>,
    revs: ReadonlyMap<string, number>,
    signal: AbortSignal,
  ) => Promise<Moved>;
  readonly onError: (error: unknown) => void;
  /** What was committed is gone, and the database does not know: an older copy of it was put in its place. */
  readonly onLoss?: (() => void) | undefined;
  readonly clock: Clock;
  readonly random?: Random | undefined;
  /** How often it asks while something is not heard. @default 1 s */
  readonly awakeMs?: number | undefined;
  /** How often otherwise, about. @default 1.5 s, as a bus that hangs is not found out at once; 4 s where there is no other node */
  readonly calmMs?: number | undefined;
  /** How often the epoch is asked for, when nothing seems wrong. @default 10 s */
  readonly epochMs?: number | undefined;
}

const askMs = 2_000;
/** Many have reason to hurry at the same time. */
const soonMs = 50;

/** Asks the database what this node may have missed: the bus is quicker, and may lose whatever it likes. */
export class Watch {
  readonly #options: WatchOptions;
  #timer: Timer | undefined;
  #asking = false;
  #again = false;
  #doubtful = false;
  #epochAt: number;
  #errors = 0;
  #closed = false;

  constructor(options: WatchOptions) {
    this.#options = options;
    this.#epochAt = options.clock.monotonic();
    this.#later();
  }

  get errors(): number {
    return this.#errors;
  }

  /** Something may have been missed: asks soon. */
  hurry(): void {
    if (this.#closed || this.#again) return;
    this.#again = true;
    this.#timer?.cancel();
    this.#timer = this.#options.clock.timer(soonMs, () => void this.#run(), { unref: true });
  }

  /** As `hurry`, and the history may be another one. */
  doubt(): void {
    this.#doubtful = true;
    this.hurry();
  }

  close(): void {
    this.#closed = true;
    this.#timer?.cancel();
  }

  async #run(): Promise<void> {
    if (this.#asking) return;
    this.#asking = true;
    this.#again = false;
    let failed = false;
    try {
      await this.#look();
    } catch (error) {
      failed = true;
      this.#errors += 1;
      // The server that answers next may be another one.
      this.#doubtful = true;
      this.#options.onError(error);
    }
    this.#asking = false;
    this.#later(failed);
  }

  #later(failed = false): void {
    const { clock, wire, awakeMs = 1_000, random = Math.random } = this.#options;
    const { calmMs = wire.alone ? 4_000 : 1_500 } = this.#options;
    if (this.#closed) return;
    this.#timer?.cancel();
    const awake = failed || this.#doubtful || !wire.steady;
    const usual = awake ? awakeMs : calmMs * (0.75 + random() / 2);
    const ms = this.#again && !failed ? soonMs : usual;
    this.#timer = clock.timer(ms, () => void this.#run(), { unref: true });
  }

  async #look(): Promise<void> {
    const { rooms, users, ask, clock, onUser } = this.#options;
    const sure = await this.#lookAtEpoch();
    const heads = rooms.heads();
    const revs = users();
    if (heads.size === 0 && revs.size === 0) return;
    const moved = await withDeadline(askMs, (signal) => ask(heads, revs, signal), {
      clock,
      what: 'looking at the heads of logs',
    });
    let shorter = false;
    for (const [channelId, head] of moved.heads) {
      // A log does not grow shorter.
      if (head < (heads.get(channelId) ?? 0)) shorter = true;
      else void rooms.get(channelId)?.reach(head);
    }
    for (const userId of moved.users) onUser(userId);
    if (shorter) await this.#lostSome(sure);
  }

  /** Answers whether it was asked for now. */
  async #lookAtEpoch(): Promise<boolean> {
    const { epoch, clock, epochMs = 10_000 } = this.#options;
    const now = clock.monotonic();
    if (!this.#doubtful && epoch.certain && now - this.#epochAt < epochMs) return false;
    await epoch.refresh();
    this.#doubtful = false;
    this.#epochAt = now;
    return true;
  }

  /** @param sure that the logs had the epoch that is known when they were shorter than that epoch's */
  async #lostSome(sure: boolean): Promise<void> {
    const { epoch, onLoss } = this.#options;
    if (!sure || !epoch.certain) {
      this.#doubtful = true;
      return;
    }
    onLoss?.();
    await epoch.begin();
  }
}
