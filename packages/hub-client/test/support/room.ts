import type { Channel, Envelope, HubEvent, Member, Message, NotificationLevel } from '@parley/hub-protocol';
import { at, idOf, memberOf, messageOf } from './values.ts';

let messages = 1_000;

/** A channel as a hub keeps it: its log, and what the log has come to. */
export class Room {
  channel: Channel;
  readonly log: (Envelope & { seq: number; epoch: string })[] = [];
  readonly messages = new Map<string, Message>();
  readonly members = new Map<string, Member>();
  readonly lastRead = new Map<string, number>();
  epoch: string;
  /** Of what ada wants to be told. Undefined: the hub knows of no levels. */
  level: NotificationLevel | null | undefined;
  readonly #told: (entry: Envelope) => void;

  constructor(channel: Channel, epoch: string, members: readonly string[], told: (entry: Envelope) => void) {
    this.channel = channel;
    this.epoch = epoch;
    this.#told = told;
    for (const userId of members) this.members.set(userId, memberOf(channel.id, userId));
  }

  get head(): number {
    return this.log.length;
  }

  tell(event: HubEvent, senderId: string | null = null): number {
    const seq = this.head + 1;
    const entry = {
      event: structuredClone(event),
      timestamp: at + seq,
      senderId,
      channelId: this.channel.id,
      seq,
      epoch: this.epoch,
    };
    this.log.push(entry);
    this.channel = { ...this.channel, seq };
    this.#told(entry);
    return seq;
  }

  say(senderId: string, content: string, given: Partial<Message> = {}): Message {
    const known = [...this.messages.values()].find(
      (message) =>
        given.clientId != null && message.clientId === given.clientId && message.senderId === senderId,
    );
    if (known !== undefined) return known;
    const channelId = this.channel.id;
    const root = given.threadId == null ? undefined : this.messages.get(given.threadId);
    if (root !== undefined && root.thread === null) {
      root.thread = { replies: 0, lastReplyAt: null, participants: [] };
      this.tell({ type: 'thread.create', channelId, threadId: root.id, thread: root.thread }, senderId);
    }
    messages += 1;
    const message = messageOf({
      id: idOf(messages),
      channelId,
      seq: this.head + 1,
      content,
      senderId,
      ...given,
    });
    this.messages.set(message.id, message);
    if (root?.thread == null) this.tell({ type: 'channel.message', channelId, message }, senderId);
    else {
      const thread = { replies: root.thread.replies + 1, lastReplyAt: at, participants: [senderId] };
      root.thread = thread;
      this.tell({ type: 'thread.message', channelId, threadId: root.id, thread, message }, senderId);
    }
    return message;
  }

  edit(id: string, content: string, given: Partial<Message> = {}): number | undefined {
    const message = this.#alive(id);
    if (message === undefined) return undefined;
    Object.assign(message, { content, editedAt: at, ...given });
    return this.tell({ type: 'channel.message.edit', channelId: this.channel.id, message }, message.senderId);
  }

  delete(id: string): void {
    const message = this.#alive(id);
    if (message === undefined) return;
    Object.assign(message, { content: '', deletedAt: at, reactions: [], pinnedAt: null });
    this.tell({ type: 'channel.message.delete', channelId: this.channel.id, messageId: id, deletedAt: at });
  }

  react(id: string, userId: string, emoji: string, there: boolean): void {
    const message = this.#alive(id);
    if (message === undefined) return;
    const known = message.reactions.find((reaction) => reaction.emoji === emoji);
    if ((known?.userIds.includes(userId) ?? false) === there) return;
    if (there && known === undefined) message.reactions.push({ emoji, userIds: [userId] });
    else if (there) known?.userIds.push(userId);
    else if (known !== undefined) known.userIds.splice(known.userIds.indexOf(userId), 1);
    message.reactions = message.reactions.filter((reaction) => reaction.userIds.length > 0);
    const type = there ? 'channel.reaction.add' : 'channel.reaction.remove';
    this.tell({ type, channelId: this.channel.id, messageId: id, emoji, userId }, userId);
  }

  pin(id: string, pinned: boolean): void {
    const message = this.#alive(id);
    if (message === undefined || (message.pinnedAt !== null) === pinned) return;
    message.pinnedAt = pinned ? at + this.head : null;
    const of = { channelId: this.channel.id, messageId: id };
    if (message.pinnedAt === null) this.tell({ type: 'channel.message.unpin', ...of });
    else this.tell({ type: 'channel.message.pin', ...of, pinnedAt: message.pinnedAt, pinnedBy: null });
  }

  join(userId: string): void {
    if (this.members.has(userId)) return;
    // What was said before is read already.
    this.lastRead.set(userId, this.head);
    const member = memberOf(this.channel.id, userId);
    this.members.set(userId, member);
    this.channel = { ...this.channel, memberCount: this.channel.memberCount + 1 };
    this.tell({ type: 'channel.member.join', channelId: this.channel.id, member });
  }

  leave(userId: string): void {
    if (!this.members.has(userId)) return;
    this.channel = { ...this.channel, memberCount: this.channel.memberCount - 1 };
    this.tell({ type: 'channel.member.leave', channelId: this.channel.id, userId, reason: 'left' });
    this.members.delete(userId);
  }

  retitle(topic: string): void {
    this.channel = { ...this.channel, topic, rev: this.channel.rev + 1, seq: this.head + 1 };
    this.tell({ type: 'channel.update', channelId: this.channel.id, channel: this.channel });
  }

  timeline(): Message[] {
    return [...this.messages.values()].filter(({ threadId }) => threadId === null);
  }

  unread(userId: string): number {
    const last = this.lastRead.get(userId) ?? 0;
    return this.timeline().filter(
      (message) => message.seq > last && message.senderId !== userId && message.deletedAt === null,
    ).length;
  }

  #alive(id: string): Message | undefined {
    const message = this.messages.get(id);
    return message?.deletedAt === null ? message : undefined;
  }
}
