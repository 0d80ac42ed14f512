import type { Clock } from '@parley/cache-core/kernel';
import type { Followed, Followers } from './followers.ts';
import { placeOf, requireName } from './names.ts';
import type { Registrar } from './registrar.ts';
import type { Held } from './replica.ts';
import { decodeStatus, encodeStatus, type KeptStatus, type ManualStatus } from './status.ts';

export interface StatusBookOptions {
  readonly clock: Clock;
  readonly followers: Followers;
  readonly registrar: Registrar;
  /** Whether the user is connected to this process. */
  readonly isHere: (user: string) => boolean;
}

const none: KeptStatus = {};
const entryId = 'manual';
const idleMs = 3_600_000;
/** How far behind a server may be that takes over. */
const behindMs = 10_000;

/** What was chosen through this process a moment ago; undefined: nothing any more. */
interface Choice {
  readonly at: number;
  readonly status: ReturnType<typeof encodeStatus> | undefined;
}

/**
 * How users want to be seen. It is one channel that every process follows, with an entry for each user who has chosen something: so a choice is
 * written once, whatever number of channels and processes its user is in, and seen in all of them.
 */
export class StatusBook {
  readonly #options: StatusBookOptions;
  readonly #known = new Map<string, KeptStatus>();
  readonly #listeners = new Set<(user: string) => void>();
  /** The last choice of each user, the oldest first. */
  readonly #choices = new Map<string, Choice>();
  #followed: Followed | undefined;

  constructor(options: StatusBookOptions) {
    this.#options = options;
  }

  get stale(): boolean {
    return this.#followed?.follower.stale ?? true;
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

  listen(listener: (user: string) => void): () => void {
    this.#open();
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  set(user: string, status: ManualStatus | undefined): Promise<void> {
    const { clock } = this.#options;
    const name = requireName('user', user);
    const kept = status && encodeStatus(status, clock.now());
    const at = clock.monotonic();
    // It says when the store may have lost it.
    this.#open();
    this.#forget(at);
    this.#choices.delete(name);
    this.#choices.set(name, { at, status: kept });
    return this.#write(name, kept);
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
    followed.follower.listen({
      changed: ({ user, held }) => {
        // Somebody else may have chosen since.
        if (held?.value !== this.#choices.get(user)?.status?.value) this.#choices.delete(user);
        if (held === undefined) this.#known.delete(user);
        else this.#known.set(user, decodeStatus(held.value));
        for (const listener of this.#listeners) listener(user);
      },
      replaced: () => undefined,
      stale: () => undefined,
      lost: () => this.#repeat(),
      missing: (members) => this.#restore(members),
    });
    return followed;
  }

  /** A status is nobody's, so that nobody registers it again: those do it to whom its user is connected. */
  #restore(members: readonly Held[]): void {
    const { clock, isHere } = this.#options;
    for (const { user, value, endsAt } of members) {
      const forMs = Math.ceil(endsAt - clock.monotonic());
      if (forMs > 0 && forMs < Infinity && isHere(user)) void this.#write(user, { value, forMs });
    }
  }

  /** A server that was behind has an earlier choice, or one that was taken back. */
  #repeat(): void {
    const { clock } = this.#options;
    const now = clock.monotonic();
    this.#forget(now);
    for (const [user, { at, status }] of this.#choices) {
      const left = status && { ...status, forMs: status.forMs - (now - at) };
      if (left === undefined || left.forMs > 0) void this.#write(user, left);
    }
  }

  #forget(now: number): void {
    for (const [user, { at }] of this.#choices) {
      if (now - at < behindMs) break;
      this.#choices.delete(user);
    }
  }

  #write(user: string, status: Choice['status']): Promise<void> {
    const { registrar } = this.#options;
    if (status === undefined) return registrar.drop({ channel: placeOf.statuses, user, id: entryId });
    const { value, forMs } = status;
    return registrar.set(
      { channel: placeOf.statuses, user, id: entryId, rank: 0, value, owned: false, forMs, idleMs },
      { lasting: false },
    );
  }
}
