import type { Clock, Random, Timer } from '@parley/cache-core/kernel';
import type { Feed, Following } from './feed.ts';
import { processOf } from './lease-holder.ts';
import { placeOf } from './names.ts';
import type { PresenceStats } from './stats.ts';
import { parse } from './status.ts';
import type { EntryName } from './wanted.ts';

export interface TakeoversOptions {
  readonly feed: Feed;
  readonly processId: string;
  readonly stats: PresenceStats;
  readonly clock: Clock;
  readonly random: Random;
  readonly heartbeatMs: number;
  /** Whether a connection is still here is to be asked of the store. */
  readonly check: (entry: EntryName) => void;
  /** The connections that are here. */
  readonly all: () => Iterable<{ readonly user: string; readonly id: string }>;
}

/** So that a notice is not longer than a feed carries. */
const atOnce = 25;

/**
 * Whose connection came to another process does not notice it while its own socket seems to be alive, and would want it as well when everything is
 * registered again. So the process that took it over says so. What is said is only asked for: by then the client may have come back.
 */
export class Takeovers {
  readonly #options: TakeoversOptions;
  readonly #untold = new Map<string, EntryName[]>();
  #following: Following | undefined;
  #timer: Timer | undefined;
  /** Nothing is heard any more, for now. */
  #deaf = false;
  #closed = false;

  constructor(options: TakeoversOptions) {
    this.#options = options;
  }

  /** There are connections here that may come to another process. */
  follow(): void {
    const { feed, processId, stats } = this.#options;
    if (this.#closed) return;
    this.#following ??= feed.follow(placeOf.process(processId), {
      notice: (body) => {
        stats.noticesHeard += 1;
        this.#check(connectionsIn(body));
      },
      hearing: (hears) => {
        if (hears && this.#deaf) this.#checkAll();
        this.#deaf = !hears;
      },
    });
  }

  /** This process took an entry over from the process of this lease. What is taken over in one turn is told together. */
  took(entry: EntryName, lease: string): void {
    if (this.#untold.size === 0) queueMicrotask(() => this.#tell());
    const process = processOf(lease);
    const entries = this.#untold.get(process) ?? [];
    this.#untold.set(process, entries);
    entries.push(entry);
  }

  close(): void {
    this.#closed = true;
    this.#following?.close();
    this.#timer?.cancel();
  }

  #check(connections: Iterable<{ readonly user: string; readonly id: string }>): void {
    for (const { user, id } of connections) this.#options.check({ channel: placeOf.user(user), user, id });
  }

  /** Something may have been told that was not heard. Others have missed it too, so each asks at a moment of its own. */
  #checkAll(): void {
    const { clock, random, heartbeatMs, all } = this.#options;
    this.#timer?.cancel();
    this.#timer = clock.timer(random() * heartbeatMs, () => this.#check(all()), { unref: true });
  }

  #tell(): void {
    const { feed, stats } = this.#options;
    const notices = [...this.#untold].flatMap(([process, entries]) => {
      const parts = Array.from({ length: Math.ceil(entries.length / atOnce) }, (_, i) =>
        entries.slice(i * atOnce, (i + 1) * atOnce),
      );
      const channel = placeOf.process(process);
      return parts.map((part) => ({ channel, body: JSON.stringify(part.map(({ user, id }) => [user, id])) }));
    });
    this.#untold.clear();
    stats.noticesSent += notices.length;
    feed.send(notices).catch(() => {
      stats.noticesFailed += notices.length;
    });
  }
}

/** Nothing in what nobody of us has said. */
function connectionsIn(body: string): { readonly user: string; readonly id: string }[] {
  const rows: unknown = parse(body);
  if (!Array.isArray(rows)) return [];
  return rows.flatMap((row: unknown) => {
    const [user, id]: unknown[] = Array.isArray(row) ? row : [];
    return typeof user === 'string' && typeof id === 'string' ? [{ user, id }] : [];
  });
}
