import { createInstanceId } from '@parley/cache-core/kernel';
import { HubError, type ClientFrameOf, type ServerFrame } from '@parley/hub-protocol';
import type { Caller } from '../access/caller.ts';
import type { Logs } from '../chat/chat.ts';
import type { Ear } from '../presence/ear.ts';
import type { Stay, StayEnd } from '../presence/stay.ts';
import type { SocketServices } from './services.ts';
import { Watching } from './watching.ts';

export interface AttendanceOptions {
  readonly services: Pick<SocketServices, 'presence'> & {
    readonly chat: { readonly logs: Pick<Logs, 'head'> };
  };
  readonly caller: () => Caller;
  readonly session: string | undefined;
  readonly follows: (channelId: string) => boolean;
  readonly outlet: Ear;
  readonly send: (frame: ServerFrame) => void;
  readonly onFailed: (error: unknown) => void;
}

type Typing = Pick<ClientFrameOf<'typing'>, 'channelId' | 'state' | 'threadId'>;

/** What one connection tells others of its user, and hears of others. Most do little of it, and hold little for it. */
export class Attendance {
  readonly #options: AttendanceOptions;
  readonly #stay: Stay;
  readonly #user: Pick<Caller, 'userId' | 'kind'>;
  #watching: Watching | undefined;
  #watchesAgents = false;
  /** Names it where it types, and where. */
  #typing: { readonly connection: string; readonly channels: Set<string> } | undefined;
  #over = false;

  constructor(options: AttendanceOptions) {
    this.#options = options;
    const { here, agentsHere } = options.services.presence;
    const { userId, kind } = options.caller();
    this.#user = { userId, kind };
    this.#stay = here.begin({ userId, session: options.session, follows: options.follows });
    if (kind === 'agent') agentsHere.begin(userId);
  }

  enter(channelId: string): void {
    this.#stay.enter(channelId);
  }

  leave(channelId: string): void {
    this.#stay.leave(channelId);
  }

  settled(): void {
    this.#stay.settled();
  }

  get displaced(): boolean {
    return this.#stay.displaced;
  }

  stillHere(): void {
    this.#stay.stillHere();
  }

  seem({ activity }: Pick<ClientFrameOf<'presence'>, 'activity'>): void {
    this.#stay.seem(activity);
  }

  say({ load, capabilities, model }: ClientFrameOf<'agent'>): void {
    if (this.#user.kind !== 'agent') throw new HubError('FORBIDDEN', 'agent: this is for agents');
    this.#options.services.presence.agentsHere.say(this.#user.userId, {
      ...(load !== undefined && { load }),
      ...(capabilities !== undefined && { capabilities }),
      ...(model !== undefined && { model }),
    });
  }

  /** Of somebody who may say there what they type. Nobody waits for the store. */
  types({ channelId, state, threadId }: Typing): void {
    if (this.#over) return;
    const { typists } = this.#options.services.presence;
    this.#typing ??= { connection: createInstanceId(), channels: new Set() };
    const { connection, channels } = this.#typing;
    const typed = { channelId, userId: this.#user.userId, threadId: threadId ?? null, connection };
    if (state === 'start') channels.add(channelId);
    const told = state === 'start' ? typists.start(typed) : typists.stop(typed);
    // What was typed while the store was away is of no interest when it is back.
    told.catch(() => undefined);
  }

  async watch(channelId: string): Promise<void> {
    // It may have waited for its turn, and nobody would release what it holds.
    if (this.#over) return;
    await this.#watches.watch(channelId);
  }

  unwatch(channelId: string): void {
    this.#watching?.unwatch(channelId);
  }

  async watchAgents(): Promise<void> {
    if (this.#over) return;
    this.#watchesAgents = true;
    await this.#options.services.presence.agents.watch(this.#options.outlet);
  }

  unwatchAgents(): void {
    if (!this.#watchesAgents) return;
    this.#watchesAgents = false;
    this.#options.services.presence.agents.unwatch(this.#options.outlet);
  }

  /** The user is no member any more, or the channel is gone. */
  left(channelId: string): void {
    this.#watching?.left(channelId);
    this.#stay.leave(channelId);
    if (this.#typing?.channels.delete(channelId) === true)
      this.#options.services.presence.typists.over(channelId, this.#user.userId);
  }

  review(joined: ReadonlyMap<string, number>): void {
    this.#watching?.review(joined);
  }

  /** @param afterMs after which time the client comes back that was sent away */
  end(how: StayEnd, afterMs = 0): void {
    if (this.#over) return;
    this.#over = true;
    const { typists, agentsHere } = this.#options.services.presence;
    const { userId, kind } = this.#user;
    if (this.#typing !== undefined) {
      const { channels, connection } = this.#typing;
      typists.gone(channels, userId, connection);
    }
    this.#watching?.end();
    this.unwatchAgents();
    this.#stay.end(how, afterMs);
    if (kind === 'agent') agentsHere.end(userId, how, afterMs);
  }

  get #watches(): Watching {
    const { services, caller, outlet, send, onFailed } = this.#options;
    this.#watching ??= new Watching({
      caller,
      ear: outlet,
      logs: services.chat.logs,
      rosters: services.presence.rosters,
      send,
      onFailed,
    });
    return this.#watching;
  }
}
