import type { Clock, Timer } from '@parley/cache-core/kernel';
import { HubError, isHubError, type ServerFrame } from '@parley/hub-protocol';
import type { Caller } from '../access/caller.ts';
import type { Logs } from '../chat/chat.ts';
import { Follower, type Outlet } from '../live/follower.ts';
import type { Room } from '../live/room.ts';
import type { Rooms } from '../live/rooms.ts';

/** Where the user is seen to be: in channels that they are members of and that are followed. */
interface Place {
  readonly enter: (channelId: string) => void;
  readonly leave: (channelId: string) => void;
}

export interface FollowingOptions {
  readonly caller: () => Caller;
  readonly outlet: Outlet;
  readonly send: (frame: ServerFrame) => void;
  readonly logs: Pick<Logs, 'head' | 'isMember' | 'joined' | 'readTo'>;
  readonly place: Place;
  readonly rooms: Rooms;
  readonly epoch: () => string;
  readonly clock: Clock;
  readonly onError: (error: unknown) => void;
}

type ResyncReason = Extract<ServerFrame, { type: 'resync' }>['reason'];

/** Where a follower begins: behind a number, at the head, or at the head and told that it has to load what is before. */
type Start = number | 'head' | { readonly resync: ResyncReason };

/** After a failure to read a log, it is tried again. */
const againMs = 500;
const maxTries = 5;
const headsPerFrame = 500;

/** What one connection follows. The right to is checked after the room is open, so that a leave in between is heard of. */
export class Following {
  readonly #options: FollowingOptions;
  readonly #followers = new Map<string, Follower>();
  /** What is about to be followed; whoever takes its place, or takes it away, has the last word. */
  readonly #pending = new Map<string, object>();
  /** Left alone on request, although the user is in it. */
  #declined: Set<string> | undefined;
  #leaves = 0;
  #starting: Promise<void> = Promise.resolve();
  #all = false;
  #beaconed = 0;
  #again: Timer | undefined;
  #ended = false;

  constructor(options: FollowingOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#followers.size;
  }

  has(channelId: string): boolean {
    return this.#followers.has(channelId) || this.#pending.has(channelId);
  }

  /** All that the user is in, now and later. */
  async followJoined(startOf: (channelId: string) => Start): Promise<void> {
    this.#all = true;
    this.#starting = this.#followAll(startOf);
    await this.#starting;
  }

  /** @throws {HubError} `NOT_FOUND` when the channel is not for the caller */
  async follow(channelId: string, start: Start): Promise<void> {
    this.#declined?.delete(channelId);
    const token = {};
    this.#pending.set(channelId, token);
    try {
      const { room, isMember } = await this.#admit(channelId);
      if (this.#pending.get(channelId) !== token) return;
      this.#begin(room, start);
      this.#stand(channelId, isMember);
    } finally {
      if (this.#pending.get(channelId) === token) this.#pending.delete(channelId);
    }
  }

  unfollow(channelId: string): void {
    if (this.#all) (this.#declined ??= new Set()).add(channelId);
    this.#end(channelId);
    this.#stand(channelId, false);
  }

  /** The user came into a channel. */
  async joined(channelId: string, after: number): Promise<void> {
    // What is late may tell of a channel that is being followed from another place at this moment.
    await this.#starting.catch(() => undefined);
    if (this.#ended) return;
    // It was followed by who was no member yet.
    if (this.#followers.has(channelId)) this.#stand(channelId, true);
    if (!this.#all || this.has(channelId)) return;
    this.#declined?.delete(channelId);
    await this.#tolerant(() => this.follow(channelId, after));
  }

  /** The user is not in the channel any more, or it is gone; all that comes before has been told. */
  left(channelId: string): void {
    this.#leaves += 1;
    this.#end(channelId);
    this.#stand(channelId, false);
  }

  /** Compares what is followed with what the user may see now, whatever news there were or were not. */
  async review(joined: ReadonlyMap<string, number>): Promise<void> {
    await this.#starting.catch(() => undefined);
    if (this.#ended) return;
    for (const channelId of this.#followers.keys()) this.#stand(channelId, joined.has(channelId));
    const gone = [...this.#followers.keys()].filter((channelId) => !joined.has(channelId));
    const missing = this.#all
      ? [...joined.keys()].filter((id) => !this.has(id) && this.#declined?.has(id) !== true)
      : [];
    await Promise.all([...gone.map((id) => this.#recheck(id)), ...missing.map((id) => this.#discover(id))]);
  }

  /** All rooms were closed, as the numbers of their logs belong to another history. */
  async restart(): Promise<void> {
    const before = new Set([...this.#followers.keys(), ...this.#pending.keys()]);
    for (const follower of this.#followers.values()) follower.end();
    this.#followers.clear();
    this.#pending.clear();
    const start: Start = { resync: 'epoch' };
    if (this.#all) await this.followJoined(() => start);
    const rest = [...before].filter((id) => !this.has(id));
    await Promise.all(rest.map((id) => this.followOrForget(id, start)));
    for (const id of before) if (!this.has(id)) this.#stand(id, false);
  }

  /** As `follow`; of a channel that is not for the caller it is told that it is to be forgotten. */
  async followOrForget(channelId: string, start: Start): Promise<void> {
    try {
      await this.follow(channelId, start);
    } catch (error) {
      if (!isHubError(error, 'NOT_FOUND')) throw error;
      this.#options.send({ type: 'gone', channelId });
    }
  }

  /** Tells which of these the caller is to forget, one after the other: there may be many. */
  async forget(channelIds: readonly string[]): Promise<void> {
    const { logs, caller, send } = this.#options;
    for (const channelId of channelIds) {
      if (this.#ended) return;
      const head = await this.#tolerant(() => logs.head(caller(), channelId));
      if (head === undefined) send({ type: 'gone', channelId });
    }
  }

  /** Heads of what is live, in frames of a bearable size; none when they are what was told the last time. */
  beacon(): Record<string, number>[] {
    let sum = this.#followers.size;
    for (const follower of this.#followers.values()) sum += follower.position;
    if (sum === this.#beaconed) return [];
    this.#beaconed = sum;
    const live = [...this.#followers].filter(([, follower]) => follower.live);
    const heads = live.map(([channelId, { position }]) => [channelId, position] as const);
    const frames: Record<string, number>[] = [];
    for (let from = 0; from < heads.length; from += headsPerFrame)
      frames.push(Object.fromEntries(heads.slice(from, from + headsPerFrame)));
    return frames;
  }

  end(): void {
    this.#ended = true;
    this.#again?.cancel();
    this.#pending.clear();
    for (const channelId of this.#followers.keys()) this.#end(channelId);
  }

  #end(channelId: string): void {
    this.#pending.delete(channelId);
    this.#followers.get(channelId)?.end();
    this.#followers.delete(channelId);
  }

  /** Only on a room that was open before the caller was allowed, with no leave since, nothing can have gone past. */
  async #admit(channelId: string): Promise<{ readonly room: Room; readonly isMember: boolean }> {
    const { rooms, logs, caller } = this.#options;
    for (let tries = 0; tries < maxTries; tries += 1) {
      const leaves = this.#leaves;
      const room = rooms.get(channelId);
      const isMember = await logs.isMember(caller(), channelId);
      if (room !== undefined && rooms.get(channelId) === room && leaves === this.#leaves)
        return { room, isMember };
      await rooms.open(channelId);
    }
    throw new HubError('UNAVAILABLE', 'the channel is being changed all the time; try again');
  }

  async #followAll(startOf: (channelId: string) => Start): Promise<void> {
    const { rooms, logs, caller } = this.#options;
    for (let tries = 0; tries < maxTries; tries += 1) {
      const { mark } = rooms;
      const leaves = this.#leaves;
      const joined = await logs.joined(caller().userId);
      const opened = await Promise.all([...joined.keys()].map((id) => this.#tolerant(() => rooms.open(id))));
      if (this.#ended) return;
      if (leaves !== this.#leaves) continue;
      const there = opened.filter((room) => room !== undefined);
      if (!there.every((room) => rooms.wasOpen(room, mark))) continue;
      for (const room of there) {
        const { channelId } = room;
        if (this.has(channelId) || this.#declined?.has(channelId) === true) continue;
        this.#begin(room, startOf(channelId));
        this.#stand(channelId, true);
      }
      return;
    }
    throw new HubError('UNAVAILABLE', 'the channels are being changed all the time; try again');
  }

  #stand(channelId: string, isHere: boolean): void {
    if (this.#ended) return;
    if (isHere) this.#options.place.enter(channelId);
    else this.#options.place.leave(channelId);
  }

  #begin(room: Room, start: Start): void {
    if (this.#ended) return;
    const { channelId } = room;
    this.#end(channelId);
    const { outlet, send, epoch } = this.#options;
    const resync = (reason: ResyncReason, seq: number): void =>
      send({ type: 'resync', channelId, epoch: epoch(), seq, reason });
    if (typeof start === 'object') resync(start.resync, room.head);
    const position = typeof start === 'number' ? start : room.head;
    const follower: Follower = new Follower({
      room,
      outlet,
      position,
      onCaughtUp: (_, seq) => send({ type: 'caught_up', channelId, seq }),
      onResync: (_, seq) => resync(position > seq ? 'ahead' : 'gap', seq),
      onFailed: (error) => this.#failed(error),
    });
    this.#followers.set(channelId, follower);
  }

  #failed(error: unknown): void {
    const { clock, onError } = this.#options;
    onError(error);
    if (this.#ended) return;
    this.#again ??= clock.timer(againMs, () => {
      this.#again = undefined;
      for (const follower of this.#followers.values()) follower.resume();
    });
  }

  /** It is followed, and the user is no member. Whatever the log says of that comes first. */
  async #recheck(channelId: string): Promise<void> {
    const { logs, rooms, caller } = this.#options;
    try {
      const head = await logs.head(caller(), channelId);
      await rooms.get(channelId)?.reach(head);
    } catch (error) {
      if (!isHubError(error, 'NOT_FOUND')) throw error;
      await rooms.get(channelId)?.reach(Number.MAX_SAFE_INTEGER);
      if (!this.#followers.has(channelId)) return;
      this.left(channelId);
      this.#options.send({ type: 'gone', channelId });
    }
  }

  /** The user is in a channel, and nobody has told of how that came: what they have not read may all be news, their coming as well. */
  async #discover(channelId: string): Promise<void> {
    const { logs, caller } = this.#options;
    const after = await logs.readTo(caller().userId, channelId);
    if (after !== undefined && !this.has(channelId))
      await this.#tolerant(() => this.follow(channelId, after));
  }

  /** What is gone in the meantime is no failure. */
  async #tolerant<T>(work: () => Promise<T>): Promise<T | undefined> {
    try {
      return await work();
    } catch (error) {
      if (isHubError(error, 'NOT_FOUND')) return undefined;
      throw error;
    }
  }
}
