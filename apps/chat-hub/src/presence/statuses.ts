import type { Clock } from '@parley/cache-core/kernel';
import { HubError, type Presence as Seen, type Status } from '@parley/hub-protocol';
import type { RouteBody } from '@parley/hub-protocol/rest';
import type { Presence } from '@parley/presence';
import { asked } from './asked.ts';
import { seen } from './seen.ts';

export interface StatusesOptions {
  readonly presence: Pick<Presence, 'chosen' | 'setStatus' | 'users'>;
  readonly clock: Clock;
}

const longestMs = 30 * 86_400_000;
const none: Status = { availability: null, customStatus: null, emoji: null, until: null };

/** How users want to be seen, and how they are. */
export class Statuses {
  readonly #options: StatusesOptions;

  constructor(options: StatusesOptions) {
    this.#options = options;
  }

  async read(userId: string): Promise<Status> {
    const chosen = await asked(this.#options.presence.chosen(userId));
    if (chosen === undefined) return none;
    const { availability = null, text = null, emoji = null, until = null } = chosen;
    return { availability, customStatus: text, emoji, until };
  }

  /** Takes the place of what was chosen before. Rejects at its limit while the store is away; it may come to pass all the same. */
  async set(userId: string, wish: RouteBody<'setStatus'>): Promise<Status> {
    const { presence, clock } = this.#options;
    const { availability = null, customStatus = null, emoji = null, until = null } = wish;
    const text = customStatus?.toWellFormed();
    if (availability === null && text === undefined && emoji === null) {
      await this.clear(userId);
      return none;
    }
    const leftMs = until === null ? undefined : until - clock.now();
    if (leftMs !== undefined && (leftMs < 1 || leftMs > longestMs))
      throw new HubError('INVALID', 'until must be within the next 30 days', { field: 'until' });
    await asked(
      presence.setStatus(userId, {
        ...(availability !== null && { availability }),
        ...(text !== undefined && { text }),
        ...(emoji !== null && { emoji }),
        ...(leftMs !== undefined && { expires: `${leftMs}ms` }),
      }),
    );
    return { availability, customStatus: text ?? null, emoji, until };
  }

  async clear(userId: string): Promise<void> {
    await asked(this.#options.presence.setStatus(userId, undefined));
  }

  /** How these are seen, in this order. */
  async of(userIds: readonly string[]): Promise<Seen[]> {
    return (await asked(this.#options.presence.users(userIds))).map(seen);
  }
}
