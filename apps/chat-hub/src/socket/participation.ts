import type { ClientFrameOf, ServerFrame } from '@parley/hub-protocol';
import type { Caller } from '../access/caller.ts';
import type { StayEnd } from '../presence/stay.ts';
import { Attendance } from './attendance.ts';
import { each } from './each.ts';
import { Following } from './following.ts';
import { resumeAt } from './greet.ts';
import type { SocketOutlet } from './outlet.ts';
import type { SocketServices } from './services.ts';

export interface ParticipationOptions {
  readonly services: SocketServices;
  readonly hello: ClientFrameOf<'hello'>;
  readonly caller: () => Caller;
  readonly outlet: SocketOutlet;
  readonly send: (frame: ServerFrame) => void;
  /** Something went wrong that leaves it of no use. */
  readonly onFailed: () => void;
  /** Does something behind everything else, and nobody waits for it. */
  readonly later: (work: () => Promise<void>) => void;
}

const subscribesAtOnce = 8;

/** What a connection takes part in once it is known whose it is: channels that it follows, and the presence of its user there. */
export class Participation {
  readonly following: Following;
  readonly attendance: Attendance;
  readonly #options: ParticipationOptions;

  constructor(options: ParticipationOptions) {
    const { services, hello, caller, outlet, send, onFailed } = options;
    const { rooms, chat, epoch, clock, logger } = services;
    this.#options = options;
    this.following = new Following({
      caller,
      outlet,
      send,
      logs: chat.logs,
      rooms,
      place: {
        enter: (channelId) => this.attendance.enter(channelId),
        leave: (channelId) => this.attendance.leave(channelId),
      },
      epoch,
      clock,
      onError: (error) => logger.warn({ error }, 'A log could not be read for a connection'),
    });
    this.attendance = new Attendance({
      services,
      caller,
      session: hello.session,
      follows: (channelId) => this.following.has(channelId),
      outlet,
      send,
      onFailed: (error) => {
        logger.warn({ error }, 'A right of a connection could not be looked at, and it is closed');
        onFailed();
      },
    });
  }

  /** Follows what `hello` asks for. */
  async begin(): Promise<void> {
    const { services, hello, caller, later } = this.#options;
    const { following } = this;
    const start = (channelId: string): ReturnType<ReturnType<typeof resumeAt>> =>
      resumeAt(hello, services.epoch())(channelId);
    if (caller().scopes.includes('read')) {
      if (hello.subscribe === 'joined') await following.followJoined(start);
      else await each(hello.subscribe, subscribesAtOnce, (id) => following.followOrForget(id, start(id)));
    }
    this.attendance.settled();
    if (hello.subscribe !== 'joined' || !caller().scopes.includes('read')) return;
    const rest = Object.keys(hello.positions ?? {}).filter((id) => !following.has(id));
    if (rest.length > 0) later(() => following.forget(rest));
  }

  /** The user is not in the channel any more, or it is gone; all that comes before has been told. */
  left(channelId: string): void {
    this.following.left(channelId);
    this.attendance.left(channelId);
  }

  /** Compares what is followed and watched with what the user may see now. */
  async review(joined: ReadonlyMap<string, number>): Promise<void> {
    this.attendance.review(joined);
    await this.following.review(joined);
  }

  end(how: StayEnd, afterMs: number): void {
    this.following.end();
    this.attendance.end(how, afterMs);
  }
}
