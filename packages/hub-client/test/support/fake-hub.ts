import {
  HubError,
  parseClientFrames,
  toProblem,
  version,
  type ClientFrame,
  type ClientFrameOf,
  type Envelope,
  type NotificationLevel,
  type ServerFrame,
  type User,
} from '@parley/hub-protocol';
import { answer, readingOf } from './fake-rest.ts';
import { FakePresence } from './fake-presence.ts';
import { Room } from './room.ts';
import { ada, at, bot, channelOf, userOf } from './values.ts';

/** A connection as the hub has it. */
export interface Link {
  readonly write: (text: string) => void;
  readonly close: (code: number) => void;
}

type Post = (frame: ServerFrame) => void;

/** A hub that speaks the protocol, keeps everything in memory, and does to its frames what a test asks for. */
export class FakeHub {
  epoch = 'epoch-1';
  readonly rooms = new Map<string, Room>();
  readonly users = new Map<string, User>(
    [ada, bot].map((id, i) => [id, userOf(id, i === 0 ? 'ada' : 'bot')]),
  );
  readonly links = new Map<Link, { followed: Set<string>; greeted: boolean }>();
  readonly presence = new FakePresence((link, frames) => this.#send([link], frames));
  /** Everything that clients said. */
  readonly heard: ClientFrame[] = [];
  readonly requests: string[] = [];
  /** More than so much missed is not sent. */
  longestGap = 1_000;
  /** Undefined: it knows of no levels. */
  defaultLevel: NotificationLevel | null | undefined;
  heartbeat = 30_000;
  saysGone = true;
  readonly limits = {
    content: 16_000,
    contentBytes: 65_536,
    append: 4_000,
    frameBytes: 131_072,
    framesPerMessage: 256,
    listens: 64,
    watches: 100,
  };
  /** What becomes of the frames of one moment. */
  mangle: (frames: readonly ServerFrame[]) => readonly ServerFrame[] = (frames) => frames;
  /** Refuses frames, or says nothing to them (`silence`), or does and says nothing (`deaf`). */
  refuse: (frame: ClientFrame) => HubError | 'silence' | 'deaf' | undefined = () => undefined;
  refuseRequest: (route: string) => HubError | undefined = () => undefined;
  /** Which tokens are good. */
  allows: (token: string | undefined) => boolean = () => true;

  room(id: string, name = id, members: readonly string[] = [ada, bot]): Room {
    const known = this.rooms.get(id);
    if (known !== undefined) return known;
    const room = new Room(channelOf(id, name), this.epoch, members, (entry) => this.#publish(entry));
    this.rooms.set(id, room);
    return room;
  }

  /** Makes a channel while clients are connected. */
  openRoom(id: string, name: string): Room {
    const room = this.room(id, name);
    room.tell({ type: 'channel.create', channelId: id, channel: { ...room.channel, seq: 1 } });
    for (const link of this.links.values()) link.followed.add(id);
    this.moment({ type: 'channel.create', channelId: id, channel: room.channel }, id);
    return room;
  }

  moment(event: Envelope['event'], channelId: string | null = null): void {
    this.#send([...this.links.keys()], [{ type: 'event', event, timestamp: at, senderId: bot, channelId }]);
  }

  /** Numbers mean other events from now on. */
  turn(epoch: string, change: (room: Room) => void = () => undefined): void {
    this.epoch = epoch;
    for (const room of this.rooms.values()) {
      room.epoch = epoch;
      change(room);
    }
  }

  beacon(): void {
    for (const [link, { followed }] of this.links) {
      const heads = Object.fromEntries([...followed].map((id) => [id, this.rooms.get(id)?.head ?? 0]));
      this.#raw(link, [{ type: 'heads', epoch: this.epoch, heads }]);
    }
  }

  say(...frames: ServerFrame[]): void {
    for (const link of this.links.keys()) this.#raw(link, frames);
  }

  cut(code = 1006): void {
    for (const link of this.links.keys()) {
      this.links.delete(link);
      this.presence.gone(link);
      link.close(code);
    }
  }

  connect(link: Link): { readonly take: (text: string) => void; readonly gone: () => void } {
    this.links.set(link, { followed: new Set(), greeted: false });
    return {
      take: (text) => {
        for (const result of parseClientFrames(text)) {
          if ('error' in result) throw result.error;
          this.heard.push(result.frame);
          this.#take(link, result.frame);
        }
      },
      gone: () => {
        this.links.delete(link);
        this.presence.gone(link);
      },
    };
  }

  readonly fetch: typeof fetch = async (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input);
    const method = init?.method ?? 'GET';
    this.requests.push(`${method} ${url.pathname}${url.search}`);
    await Promise.resolve();
    try {
      const refused = this.refuseRequest(`${method} ${url.pathname}`);
      if (refused !== undefined) throw refused;
      const body: unknown = typeof init?.body === 'string' ? JSON.parse(init.body) : undefined;
      const reply = answer(this, method, url, body);
      return reply === undefined ? new Response(null, { status: 204 }) : Response.json(reply);
    } catch (error) {
      if (!(error instanceof HubError)) throw error;
      return Response.json(toProblem(error), { status: error.status });
    }
  };

  #take(link: Link, frame: ClientFrame): void {
    const post: Post = (frame) => this.#raw(link, [frame]);
    if (frame.type === 'hello') {
      this.#greet(link, frame);
      return;
    }
    const refused = this.refuse(frame);
    if (refused === 'deaf') return;
    const ref = 'ref' in frame && frame.ref !== undefined ? frame.ref : undefined;
    if (refused instanceof HubError) {
      post({ type: 'error', ...(ref !== undefined && { ref }), error: toProblem(refused) });
      return;
    }
    const done = this.#do(link, frame, refused === 'silence' ? () => undefined : post);
    if (refused !== 'silence' && ref !== undefined) post({ type: 'ack', ref, ...done });
  }

  #do(link: Link, frame: ClientFrame, post: Post): object {
    this.presence.take(link, frame, post);
    const room = 'channelId' in frame ? this.rooms.get(frame.channelId) : undefined;
    if (frame.type === 'ping') post({ type: 'pong' });
    if (room === undefined) return {};
    if (frame.type === 'subscribe') this.#follow(link, room, frame.after, frame.epoch ?? this.epoch);
    if (frame.type === 'read') {
      room.lastRead.set(ada, Math.max(room.lastRead.get(ada) ?? 0, Math.min(frame.seq, room.head)));
      this.moment(
        { type: 'channel.read', channelId: room.channel.id, reading: readingOf(room) },
        room.channel.id,
      );
    }
    if (frame.type === 'append') {
      const { channelId, messageId, offset, text } = frame;
      this.moment({ type: 'channel.message.append', channelId, messageId, offset, text }, channelId);
    }
    if (frame.type !== 'send') return {};
    const { clientId, content, threadId = null, streaming = 'none' } = frame;
    const message = room.say(ada, content, { clientId, threadId, streaming });
    return {
      channelId: message.channelId,
      messageId: message.id,
      seq: message.seq,
      message: structuredClone(message),
    };
  }

  #greet(link: Link, hello: ClientFrameOf<'hello'>): void {
    if (!this.allows(hello.token)) {
      this.links.delete(link);
      link.close(4401);
      return;
    }
    const resume = hello.epoch === undefined || hello.epoch === this.epoch ? 'live' : 'resync';
    this.#raw(link, [
      {
        type: 'welcome',
        version,
        epoch: this.epoch,
        userId: ada,
        nodeId: 'n1',
        heartbeat: this.heartbeat,
        limits: this.limits,
        resume,
      },
    ]);
    for (const room of this.rooms.values()) {
      const { id } = room.channel;
      const position = hello.positions?.[id];
      if (hello.subscribe === 'joined' ? room.members.has(ada) : hello.subscribe.includes(id))
        this.#follow(link, room, position, position === undefined ? this.epoch : hello.epoch);
      else if (position !== undefined && this.saysGone) this.#raw(link, [{ type: 'gone', channelId: id }]);
    }
  }

  #follow(link: Link, room: Room, after: number | undefined, epoch: string | undefined): void {
    const channelId = room.channel.id;
    this.links.get(link)?.followed.add(channelId);
    const resync = (reason: 'epoch' | 'gap' | 'ahead'): void =>
      this.#raw(link, [{ type: 'resync', channelId, epoch: this.epoch, seq: room.head, reason }]);
    const from = after ?? room.head;
    if (epoch !== this.epoch) resync('epoch');
    else if (from > room.head) resync('ahead');
    else if (room.head - from > this.longestGap) resync('gap');
    else {
      const missed = room.log.slice(from).map((entry) => ({ type: 'event' as const, ...entry }));
      this.#send([link], [...missed, { type: 'caught_up', channelId, seq: room.head }]);
    }
  }

  #publish(entry: Envelope): void {
    const links = [...this.links].filter(([, { followed }]) => followed.has(entry.channelId ?? ''));
    this.#send(
      links.map(([link]) => link),
      [{ type: 'event', ...entry }],
    );
  }

  #send(links: readonly Link[], frames: readonly ServerFrame[]): void {
    for (const link of links) this.#raw(link, this.mangle(frames));
  }

  #raw(link: Link, frames: readonly ServerFrame[]): void {
    if (frames.length > 0 && this.links.has(link))
      link.write(frames.map((frame) => JSON.stringify(frame)).join('\n'));
  }
}
