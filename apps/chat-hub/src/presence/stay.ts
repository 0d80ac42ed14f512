import type { Clock, Timer } from '@parley/cache-core/kernel';
import type { Activity, Connection } from '@parley/presence';
import { unheeded } from './asked.ts';

/** What all sockets of one session of a user share. */
export interface Session {
  /** Undefined when this node ends already. */
  connection: Connection | undefined;
  readonly stays: Stay[];
}

/** Whoever goes on changing it is seen as they were last so often: each time is told in all channels. */
const seemMs = 250;

export interface StayParts {
  readonly session: Session;
  readonly clock: Clock;
  /** Whether the socket follows the channel. */
  readonly follows: (channelId: string) => boolean;
  /** Another one for the session, which nobody else has a claim to. */
  readonly connect: () => Connection | undefined;
  /** The last socket of its session is gone. */
  readonly onEnd: (how: StayEnd, afterMs: number) => void;
}

/** `left`: the client said so, or has no right to be here. `lost`: it may come back, to any node. */
export type StayEnd = 'left' | 'lost';

/** A socket of somebody who is here, in the channels that they are members of and the socket follows. Nothing here waits for the store. */
export class Stay {
  readonly #parts: StayParts;
  #over = false;
  #settled = false;
  #seems: Activity | undefined;
  #pause: Timer | undefined;

  constructor(parts: StayParts) {
    this.#parts = parts;
    parts.session.stays.push(this);
  }

  enter(channelId: string): void {
    const { connection } = this.#parts.session;
    if (this.#over || connection === undefined || connection.channels.has(channelId)) return;
    unheeded(connection.join(channelId));
  }

  leave(channelId: string): void {
    const { connection, stays } = this.#parts.session;
    if (this.#over || connection?.channels.has(channelId) !== true) return;
    if (stays.some((stay) => stay !== this && stay.#parts.follows(channelId))) return;
    unheeded(connection.leave(channelId));
  }

  /** It follows what it came for: of what the session was in before, it leaves the rest. */
  settled(): void {
    this.#settled = true;
    const { session, follows } = this.#parts;
    for (const channelId of session.connection?.channels ?? [])
      if (!follows(channelId)) this.leave(channelId);
  }

  /** The place of its session went to another node: the client is connected there, and may be here no more. */
  get displaced(): boolean {
    return !this.#over && this.#parts.session.connection?.open === false;
  }

  /** The client is here all the same: two have the same session, and each counts by itself. It is to enter its channels again. */
  stillHere(): void {
    if (this.displaced) this.#parts.session.connection = this.#parts.connect();
  }

  seem(activity: Activity): void {
    this.#seems = activity;
    if (this.#pause === undefined) this.#tell();
  }

  /** @param afterMs after which time, at the earliest, the client comes back that was sent away */
  end(how: StayEnd, afterMs = 0): void {
    if (this.#over) return;
    this.#over = true;
    this.#pause?.cancel();
    const { session, onEnd } = this.#parts;
    const { stays } = session;
    stays.splice(stays.indexOf(this), 1);
    const [next] = stays;
    if (next === undefined) onEnd(how, afterMs);
    // What this one alone has followed. Whoever is not settled may be about to follow it, and looks at that itself.
    else if (stays.every((stay) => stay.#settled)) next.settled();
  }

  #tell(): void {
    const { session, clock } = this.#parts;
    const activity = this.#seems;
    if (this.#over || session.connection === undefined || activity === undefined) return;
    this.#seems = undefined;
    unheeded(session.connection.update({ activity }));
    const over = (): void => {
      this.#pause = undefined;
      this.#tell();
    };
    this.#pause = clock.timer(seemMs, over, { unref: true });
  }
}
