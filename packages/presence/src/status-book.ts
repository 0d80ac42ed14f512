import { DeadlineExceeded, withDeadline } from '@parley/cache-core/kernel';
import type { Clock } from '@parley/cache-core/kernel';
import type { Follower } from './follower.ts';
import type { Followed, Followers } from './followers.ts';
import { placeOf, requireName } from './names.ts';
import type { Registrar } from './registrar.ts';
import type { Held } from './replica.ts';
import { decodeStatus, encodeStatus, type KeptStatus, type ManualStatus } from './status.ts';
import type { EntryName } from './wanted.ts';

export interface StatusBookOptions {
  readonly clock: Clock;
  readonly followers: Followers;
  readonly registrar: Registrar;
  readonly withinMs: number;
  readonly gatherMs: number;
  /** Whether the user is connected to this process. */
  readonly isHere: (user: string) => boolean;
}

export interface StatusListener {
  readonly changed: (user: string) => void;
  /** Whether it is stale may have changed. */
  readonly stale: () => void;
}

const none: KeptStatus = {};
const idleMs = 3_600_000;
/** How far behind a server may be that takes over. */
const behindMs = 10_000;

/** As it is written, and for how long it is there. */
type KeptFor = ReturnType<typeof encodeStatus>;

/** What was chosen through this process a moment ago; undefined: nothing any more. */
interface Choice {
  readonly at: number;
  readonly status: KeptFor | undefined;
  /** Whether the store has answered that it has it. */
  made: boolean;
}

/**
 * How users want to be seen. It is one channel that every process follows, with an entry for each user who has chosen something: so a choice is
 * written once, whatever number of channels and processes its user is in, and seen in all of them.
 */
export class StatusBook {
  readonly #options: StatusBookOptions;
  readonly #known = new Map<string, KeptStatus>();
  readonly #listeners = new Set<StatusListener>();
  /** The last choice of each user, the oldest first. */
  readonly #choices = new Map<string, Choice>();
  /** What is put back, and on its way. */
  readonly #restoring = new Map<string, KeptFor>();
  #followed: Followed | undefined;

  constructor(options: StatusBookOptions) {
    this.#options = options;
  }

  get stale(): boolean {
    return (this.#followed?.follower.stale ?? true) || !this.complete;
  }

  get known(): boolean {
    return this.#followed?.follower.known ?? false;
  }

  /** Whether there are no more of them than a process can know. */
  get complete(): boolean {
    return this.#followed?.follower.complete ?? true;
  }

  /** Resolves when it is known what users have chosen. */
  ready(): Promise<void> {
    return this.#open().follower.ready;
  }

  of(user: string): KeptStatus {
    return this.chosen(user) ?? none;
  }

  chosen(user: string): KeptStatus | undefined {
    return this.#known.get(user);
  }

  listen(listener: StatusListener): () => void {
    this.#open();
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Rejects at the limit, and then it is not written any more: its user may have chosen something else since, in another process. */
  set(user: string, status: ManualStatus | undefined): Promise<void> {
    const { clock, withinMs } = this.#options;
    const name = requireName('user', user);
    const kept = status && encodeStatus(status, clock.now());
    const at = clock.monotonic();
    // It says when the store may have lost it.
    this.#open();
    this.#forget(at);
    this.#choices.delete(name);
    const choice: Choice = { at, status: kept, made: false };
    this.#choices.set(name, choice);
    const write = async (): Promise<void> => {
      await this.#write(name, kept, withinMs);
      // What was given up is not waited for any more either.
      choice.made = clock.monotonic() - at < withinMs;
      if (!choice.made) throw new DeadlineExceeded('a status', withinMs);
    };
    return withDeadline(withinMs, write, { clock, what: 'a status' });
  }

  close(): void {
    this.#listeners.clear();
  }

  #open(): Followed {
    this.#followed ??= this.#follow();
    return this.#followed;
  }

  #follow(): Followed {
    const followed = this.#options.followers.follow(placeOf.statuses, { whole: true });
    const { follower } = followed;
    const tellStale = (): void => {
      for (const { stale } of this.#listeners) stale();
    };
    follower.listen({
      changed: ({ user, held }) => {
        // Somebody else may have chosen since.
        if (held?.value !== this.#choices.get(user)?.status?.value) this.#choices.delete(user);
        if (held === undefined) this.#known.delete(user);
        else {
          this.#known.set(user, decodeStatus(held.value));
          this.#chosen(user, held.value);
        }
        for (const { changed } of this.#listeners) changed(user);
      },
      replaced: () => {
        this.#replace(follower);
        tellStale();
      },
      stale: tellStale,
      lost: () => this.#repeat(),
      missing: (members) => this.#restore(members),
    });
    return followed;
  }

  /** While only some are known, what was known of the others is the best guess: who hid is not shown. */
  #replace({ members, complete }: Follower): void {
    const before = new Map(this.#known);
    if (complete) this.#known.clear();
    for (const [user, { value }] of members) this.#known.set(user, decodeStatus(value));
    for (const user of new Set([...before.keys(), ...this.#known.keys()])) {
      if (JSON.stringify(before.get(user)) === JSON.stringify(this.#known.get(user))) continue;
      for (const { changed } of this.#listeners) changed(user);
    }
  }

  /** A status is nobody's, so that nobody registers it again: those do it to whom its user is connected. */
  #restore(members: readonly Held[]): void {
    const { clock, isHere } = this.#options;
    for (const { user, value, endsAt } of members) {
      const forMs = Math.ceil(endsAt - clock.monotonic());
      if (forMs > 0 && forMs < Infinity && isHere(user)) void this.#putBack(user, { value, forMs });
    }
  }

  async #putBack(user: string, status: KeptFor): Promise<void> {
    this.#restoring.set(user, status);
    await this.#write(user, status, this.#options.gatherMs);
    if (this.#restoring.get(user) === status) this.#restoring.delete(user);
  }

  /** Whatever the user has chosen since then is newer. */
  #chosen(user: string, value: string): void {
    const status = this.#restoring.get(user);
    if (status === undefined || status.value === value) return;
    this.#options.registrar.cancel(entryOf(user));
  }

  /** A server that was behind has an earlier choice, or one that was taken back. */
  #repeat(): void {
    const { clock, withinMs } = this.#options;
    const now = clock.monotonic();
    this.#forget(now);
    for (const [user, { at, status, made }] of this.#choices) {
      const left = status && { ...status, forMs: status.forMs - (now - at) };
      // What is not made yet is on its way.
      if (made && (left === undefined || left.forMs > 0)) void this.#write(user, left, withinMs);
    }
  }

  #forget(now: number): void {
    for (const [user, { at }] of this.#choices) {
      if (now - at < behindMs) break;
      this.#choices.delete(user);
    }
  }

  /** @param withinMs after which time it is not written any more */
  #write(user: string, status: KeptFor | undefined, withinMs: number): Promise<void> {
    const { registrar } = this.#options;
    if (status === undefined) return registrar.drop(entryOf(user), withinMs);
    const entry = { ...entryOf(user), ...status, rank: 0, owned: false, idleMs };
    return registrar.set(entry, { lasting: false, withinMs });
  }
}

const entryOf = (user: string): EntryName => ({ channel: placeOf.statuses, user, id: 'manual' });
