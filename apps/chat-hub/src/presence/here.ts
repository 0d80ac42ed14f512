import type { Clock } from '@parley/cache-core/kernel';
import type { Connection, Presence } from '@parley/presence';
import { unheeded } from './asked.ts';
import { Stay, type Session, type StayEnd } from './stay.ts';

export interface HereOptions {
  readonly presence: Pick<Presence, 'connect'>;
  readonly clock: Clock;
  /** How long somebody who was lost is still taken to be here. */
  readonly graceMs: number;
}

export interface Arrival {
  readonly userId: string;
  /** The same when the client connects again. */
  readonly session: string | undefined;
  readonly follows: (channelId: string) => boolean;
}

/** So often it is looked whether those who were lost are at other nodes by now. */
const lookMs = 200;

/** Who is connected to this node, as others see it. */
export class Here {
  readonly #options: HereOptions;
  readonly #sessions = new Map<string, Session>();
  /** Those who may have come back to another node. */
  readonly #lost = new Set<Connection>();
  #size = 0;
  #lostUntil = -Infinity;

  constructor(options: HereOptions) {
    this.#options = options;
  }

  /** How many others are told of: sockets of one session are one. */
  get size(): number {
    return this.#size;
  }

  get lost(): number {
    for (const connection of this.#lost) if (!connection.open) this.#lost.delete(connection);
    return this.#lost.size;
  }

  begin({ userId, session: name, follows }: Arrival): Stay {
    const key = name === undefined ? undefined : `${userId}\n${name}`;
    // Also where it is known here: another node may have had it in between.
    const connection = this.#connect(userId, name === undefined ? undefined : connectionName(name));
    const known = key === undefined ? undefined : this.#sessions.get(key);
    if (known !== undefined && known.connection === connection)
      return this.#stay(known, userId, follows, key);
    const session: Session = { connection, stays: [] };
    if (key !== undefined) this.#sessions.set(key, session);
    this.#size += 1;
    return this.#stay(session, userId, follows, key);
  }

  /** Resolves when everybody who was lost has come back to another node, or had the time to. */
  async rest(): Promise<void> {
    const { clock } = this.#options;
    for (let leftMs = Infinity; this.lost > 0 && leftMs > 0;) {
      leftMs = Math.max(0, this.#lostUntil - clock.monotonic());
      await clock.sleep(Math.min(leftMs, lookMs));
    }
  }

  #stay(session: Session, userId: string, follows: Arrival['follows'], key: string | undefined): Stay {
    return new Stay({
      session,
      clock: this.#options.clock,
      follows,
      connect: () => this.#connect(userId, undefined),
      onEnd: (how, afterMs) => {
        this.#size -= 1;
        if (key !== undefined && this.#sessions.get(key) === session) this.#sessions.delete(key);
        if (session.connection !== undefined) this.#end(session.connection, how, afterMs);
      },
    });
  }

  #connect(user: string, connection: string | undefined): Connection | undefined {
    try {
      const made = this.#options.presence.connect({ user, connection, activity: 'online' });
      unheeded(made.ready());
      this.#lost.delete(made);
      return made;
    } catch {
      // This node ends, and the socket is about to be told so.
      return undefined;
    }
  }

  #end(connection: Connection, how: StayEnd, afterMs: number): void {
    const { clock, graceMs } = this.#options;
    if (how === 'left') return unheeded(connection.close());
    // Their graces end in the order in which they were lost, so what is over lies in front.
    for (const earlier of this.#lost) {
      if (earlier.open) break;
      this.#lost.delete(earlier);
    }
    this.#lost.add(connection);
    this.#lostUntil = Math.max(this.#lostUntil, clock.monotonic() + afterMs + graceMs);
    if (afterMs === 0) connection.lost();
    else clock.timer(afterMs, () => connection.lost(), { unref: true });
  }
}

/** Clients may call their session anything. */
function connectionName(session: string): string {
  return `s:${session.toWellFormed().replaceAll(/\p{Cc}/gu, '?')}`;
}
