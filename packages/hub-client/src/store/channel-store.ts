import type {
  Channel,
  Envelope,
  EventOf,
  HubEvent,
  Member,
  Message,
  NotificationLevel,
  Reading,
  UnknownEvent,
} from '@parley/hub-protocol';
import type { ChannelState, Outgoing } from '../state.ts';
import { applyToMessages } from './apply-message.ts';
import { Arrangement } from './arrangement.ts';
import { Rows } from './rows.ts';
import { Unread, type Me } from './unread.ts';

export type Entry = Envelope<HubEvent | UnknownEvent>;

export interface ChannelStoreOptions {
  readonly channelId: string;
  readonly keep: number;
  readonly me: () => Me | undefined;
  readonly outgoing: (channelId: string) => readonly Outgoing[];
  /** A message is here, however it came. */
  readonly onMessage: (message: Message) => void;
  /** A message is gone that was never here: whether it was counted is not known. */
  readonly onUncounted: () => void;
}

/** What a channel is made anew from. */
export interface Base {
  readonly channel: Channel;
  readonly reading: Reading | null;
  readonly epoch: string;
  readonly position: number;
}

/** Messages as they were at one number of the log. */
export interface Page {
  readonly items: readonly Message[];
  readonly seq: number;
}

/** What was applied while something was being read: it may not be in what comes. */
export interface Recording {
  readonly start: number;
  readonly events: Entry[];
}

/** One channel: what its log has told so far, in order and once. */
export class ChannelStore {
  readonly id: string;
  epoch = '';
  position = 0;
  /** The last number that is known of. */
  head = 0;
  /** Whether messages were asked for. */
  opened = false;
  readonly #options: ChannelStoreOptions;
  readonly #rows = new Rows();
  readonly #unread: Unread;
  readonly #recordings = new Set<Recording>();
  /** How much of the text of an open message is here, in characters. */
  readonly #streams = new Map<string, number>();
  #channel: Channel | undefined;
  #members: ReadonlyMap<string, Member> | undefined;
  /** From this number on, the messages outside of threads are all here. */
  #floor = 1;
  #keep: number;
  #view: ChannelState | undefined;
  #shown = new Arrangement();

  constructor(options: ChannelStoreOptions) {
    this.#options = options;
    this.id = options.channelId;
    this.#keep = options.keep;
    this.#unread = new Unread(this.id, this.#rows);
  }

  get lastReadSeq(): number {
    return this.#unread.lastReadSeq;
  }

  /** Forgets everything, and begins at another place. */
  reset({ channel, reading, epoch, position }: Base, page?: Page & { readonly older: boolean }): void {
    // Acknowledged and shown already; the log tells of it next.
    const ahead = this.epoch === epoch ? this.#rows.newerThan(page?.seq ?? position) : [];
    this.#rows.clear();
    this.#recordings.clear();
    this.#streams.clear();
    this.#members = undefined;
    this.#shown = new Arrangement();
    // What only lists tell stays.
    this.#channel = { ...this.#channel, ...channel };
    this.head = this.epoch === epoch ? Math.max(position, this.head) : position;
    this.epoch = epoch;
    this.position = position;
    this.#floor = position + 1;
    this.#keep = this.#options.keep;
    if (page !== undefined) {
      this.#put(page.items, page.seq);
      this.#floor = page.older ? (page.items[0]?.seq ?? this.#floor) : 0;
    }
    for (const { message, asOf } of ahead) this.#put([message], asOf);
    if (reading !== null) this.#unread.count(reading, reading.seq ?? channel.seq);
    this.#unread.settle(this.#options.me(), position);
  }

  /** The next event of the log. */
  apply(entry: Entry, seq: number): void {
    this.position = seq;
    this.head = Math.max(this.head, seq);
    const { event } = entry;
    for (const recording of this.#recordings) recording.events.push(entry);
    const isGone = event.type === 'channel.message.delete' && this.#rows.get(event.messageId) === undefined;
    if (isGone && this.#unread.hides) this.#options.onUncounted();
    this.#applyToMessages(event, seq);
    this.#applyToChannel(event, seq);
    this.#applyToMembers(event);
    this.#unread.settle(this.#options.me(), seq);
    if (this.#rows.size > this.#keep * 1.25) this.#prune();
    this.#view = undefined;
  }

  /** Text of a message that is being streamed. Whoever missed some waits for the end, which brings all of it. */
  append({ messageId, offset, text }: EventOf<'channel.message.append'>): void {
    const message = this.#rows.get(messageId);
    if (message?.streaming !== 'open') return;
    const here = this.#streams.get(messageId) ?? Array.from(message.content).length;
    if (offset > here) return;
    const fresh = Array.from(text).slice(here - offset);
    if (fresh.length === 0) return;
    this.#rows.show(messageId, message.content + fresh.join(''));
    this.#changed(message);
    this.#streams.set(messageId, here + fresh.length);
  }

  /** What the hub answered to the one who wrote, which may come before the event. */
  learn(message: Message, asOf: number): void {
    this.#put([message], asOf);
  }

  record(): Recording {
    const recording = { start: this.position, events: [] };
    this.#recordings.add(recording);
    return recording;
  }

  stop(recording: Recording): boolean {
    return this.#recordings.delete(recording);
  }

  /** Puts in what was read, and does to it what has happened since. False: the channel was made anew meanwhile. */
  merge(recording: Recording, { items, seq }: Page, then: () => void = () => undefined): boolean {
    if (!this.stop(recording)) return false;
    this.#unread.shift(this.#options.me(), () => {
      this.#put(items, seq);
      for (const entry of recording.events)
        if (entry.seq !== undefined && entry.seq > seq) this.#applyToMessages(entry.event, entry.seq);
      then();
    });
    this.#view = undefined;
    return true;
  }

  /** The number before which older messages are asked for; undefined: there are none. */
  get olderThan(): number | undefined {
    return this.#floor > 0 ? this.#floor : undefined;
  }

  /** @param before as it was asked for: when the beginning is elsewhere now, there would be a gap */
  mergeOlder(
    recording: Recording,
    page: Page & { readonly older: boolean },
    before: number | undefined,
  ): boolean {
    const size = this.#rows.size;
    return (
      before === this.olderThan &&
      this.merge(recording, page, () => {
        this.#keep += this.#rows.size - size;
        this.#floor = page.older ? (page.items[0]?.seq ?? 0) : 0;
      })
    );
  }

  mergeThread(recording: Recording, rootId: string, page: Page, complete: boolean): boolean {
    const size = this.#rows.size;
    return this.merge(recording, page, () => {
      // Those that were here already have their place.
      this.#keep += this.#rows.size - size;
      this.#shown.threadRead(rootId, complete);
    });
  }

  mergeMembers(recording: Recording, items: readonly Member[]): boolean {
    if (!this.stop(recording)) return false;
    this.#members = new Map(items.map((member) => [member.userId, member]));
    for (const { event } of recording.events) this.#applyToMembers(event);
    this.#view = undefined;
    return true;
  }

  mark(seq: number): boolean {
    this.#view = undefined;
    return this.#unread.mark(Math.min(seq, this.head));
  }

  /** What is here is of a history that is gone, until it is made anew. */
  expire(): void {
    this.#view = undefined;
    this.#unread.clear();
  }

  choose(level: NotificationLevel | null): void {
    this.#view = undefined;
    this.#unread.level = level;
  }

  recount(reading: Reading): void {
    this.#view = undefined;
    this.#unread.recount(reading, this.#options.me(), this.position);
  }

  /** The state is to be shown anew. */
  dirty(): void {
    this.#view = undefined;
  }

  view(): ChannelState | undefined {
    const channel = this.#channel;
    if (channel === undefined) return undefined;
    if (this.#view !== undefined) return this.#view;
    const { timeline, threads, pins } = this.#shown.of(this.#rows, this.#floor);
    this.#view = {
      channel,
      position: this.position,
      current: this.position >= this.head,
      messages: timeline,
      older: this.#floor > 0,
      threads,
      pins,
      members: this.#members,
      reading: this.#unread.read(this.#options.me(), this.#floor, this.position),
      outgoing: this.#options.outgoing(this.id),
    };
    return this.#view;
  }

  #put(messages: readonly Message[], asOf: number): void {
    for (const message of this.#rows.put(messages, asOf)) this.#changed(message);
    for (const message of messages) this.#options.onMessage(message);
  }

  #applyToMessages(event: HubEvent | UnknownEvent, seq: number): void {
    for (const message of applyToMessages(this.#rows, event, seq)) {
      this.#changed(message);
      this.#options.onMessage(message);
    }
  }

  #applyToChannel(event: HubEvent | UnknownEvent, seq: number): void {
    const channel = this.#channel;
    // A channel that was read later than its position knows of this already.
    if (channel === undefined || seq <= channel.seq) return;
    const counted = event.type === 'channel.member.join' ? 1 : event.type === 'channel.member.leave' ? -1 : 0;
    const told = 'channel' in event ? event.channel : channel;
    this.#channel = { ...channel, ...told, seq, memberCount: told.memberCount + counted };
  }

  #applyToMembers(event: HubEvent | UnknownEvent): void {
    if (this.#members === undefined) return;
    if (event.type === 'channel.member.join' || event.type === 'channel.member.update')
      this.#members = new Map(this.#members).set(event.member.userId, event.member);
    if (event.type === 'channel.member.leave') {
      const { userId } = event;
      this.#members = new Map([...this.#members].filter(([id]) => id !== userId));
    }
  }

  #prune(): void {
    this.#unread.shift(this.#options.me(), () => {
      for (const id of this.#rows.prune(this.#keep)) this.#streams.delete(id);
    });
    this.#floor = Math.max(this.#floor, this.#rows.first?.seq ?? 0);
    this.#shown.pruned();
    this.#view = undefined;
  }

  #changed(message: Message): void {
    this.#shown.changed(message);
    this.#view = undefined;
    this.#streams.delete(message.id);
  }
}
