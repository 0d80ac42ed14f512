import type { EventOf, Message } from '@parley/hub-protocol';
import { shownAgent, shownPresence } from '../presence/shown.ts';
import { safeLine, safeText } from '../safe-text.ts';
import type { Style } from '../style.ts';
import { isoTime, shownHour } from '../times.ts';
import type { Entry } from './entry.ts';
import type { Names } from '../names.ts';

export interface LinesOptions {
  readonly names: Names;
  readonly style: Style;
  readonly forPeople: boolean;
  /** What a channel is called, where several are shown. */
  readonly channel: (channelId: string) => string | undefined;
}

type Told = EventOf<'channel.message'> | EventOf<'channel.message.edit'> | EventOf<'thread.message'>;

/** How many messages are remembered by their number, for what is said of them later. */
const mostKnown = 5_000;

/** Events as lines of text. */
export class Lines {
  readonly #options: LinesOptions;
  readonly #numbers = new Map<string, number>();

  constructor(options: LinesOptions) {
    this.#options = options;
  }

  /** Undefined: there is nothing to read in it. */
  async of(entry: Entry): Promise<string | undefined> {
    const { forPeople, channel, style } = this.#options;
    const said = await this.#said(entry);
    if (said === undefined) return undefined;
    const time = forPeople ? shownHour(entry.timestamp) : isoTime(entry.timestamp);
    const where = entry.channelId === null ? undefined : channel(entry.channelId);
    const head = [style.dim(time), ...(where === undefined ? [] : [style.bold(safeLine(where))])].join(' ');
    // What stands on further lines must not look like a line of its own.
    return `${head} ${said.replaceAll('\n', '\n    ')}`;
  }

  async #said({ event, senderId }: Entry): Promise<string | undefined> {
    const who = await this.#who(senderId);
    switch (event.type) {
      case 'channel.message':
      case 'channel.message.edit':
      case 'thread.message':
        return this.#message(event, who);
      case 'channel.message.append':
        return `${await this.#who(senderId)} … ${safeText(event.text)}`;
      case 'channel.message.delete':
        return `${who} deleted ${this.#which(event.messageId)}`;
      case 'channel.message.pin':
        return `${who} pinned ${this.#which(event.messageId)}`;
      case 'channel.message.unpin':
        return `${who} unpinned ${this.#which(event.messageId)}`;
      case 'channel.reaction.add':
        return `${await this.#who(event.userId)} reacted ${safeLine(event.emoji)} to ${this.#which(event.messageId)}`;
      case 'channel.reaction.remove':
        return `${await this.#who(event.userId)} took ${safeLine(event.emoji)} back from ${this.#which(event.messageId)}`;
      case 'channel.member.join':
        return `${await this.#who(event.member.userId)} joined`;
      case 'channel.member.leave':
        return `${await this.#who(event.userId)} ${event.reason === 'left' ? 'left' : `was taken out (${event.reason})`}`;
      case 'channel.member.update':
        return `${await this.#who(event.member.userId)} is ${event.member.role} now`;
      case 'channel.create':
        return `${who} made the channel`;
      case 'channel.update':
        return `${who} changed the channel: ${safeLine(event.channel.name ?? '')} ${safeLine(event.channel.topic)}`.trimEnd();
      case 'channel.archive':
        return `${who} ${event.channel.archivedAt === null ? 'took the channel back from the archive' : 'archived the channel'}`;
      case 'channel.delete':
        return `${who} deleted the channel`;
      case 'collaboration.event':
        return `${who} ${safeLine(event.name)} (${safeLine(event.sessionId)})`;
      case 'unknown':
        return `${who} ${safeLine(event.name)}`;
      case 'channel.presence':
        return `${await this.#who(event.presence.userId)} is ${shownPresence(event.presence)}`;
      case 'channel.typing': {
        const where = event.threadId === null ? '' : ` in the thread of ${this.#which(event.threadId)}`;
        return `${await this.#who(event.userId)} ${event.state === 'start' ? 'types' : 'types no more'}${where}`;
      }
      case 'agent.update':
        return `${await this.#who(event.agent.userId)} is ${shownAgent(event.agent)}`;
      // The message itself tells of its thread; the rest is no part of a log.
      case 'thread.create':
      case 'thread.update':
      case 'channel.read':
      case 'notifications.update':
      case 'user.update':
      case 'system.announcement':
      case 'system.notice':
      case 'command.call':
      case 'command.answer':
      case 'custom':
        return undefined;
      default:
        return event satisfies never;
    }
  }

  #message(event: Told, who: string): string | undefined {
    const { message } = event;
    const seen = this.#numbers.get(message.id);
    this.#remember(message);
    const text =
      message.deletedAt === null ? safeText(message.content) : this.#options.style.dim('(deleted)');
    const marks = [
      ...(message.kind === 'thought' || message.kind === 'action' ? [message.kind] : []),
      // Its author went silent: this is what was heard.
      ...(message.streaming === 'cut' ? ['cut'] : []),
    ];
    const kind = marks.length === 0 ? '' : ` (${marks.join(', ')})`;
    const place = message.threadId === null ? '' : ` in the thread of ${this.#which(message.threadId)}`;
    if (message.streaming === 'open') return `${who}${kind}${place} begins: ${text}`.trimEnd();
    const isEdit = event.type === 'channel.message.edit' && message.editedAt !== null;
    if (isEdit) return `${who} edited ${seen ?? message.seq}: ${text}`;
    return `${who}${kind}${place}: ${text}`;
  }

  #remember({ id, seq }: Message): void {
    const [oldest] = this.#numbers.keys();
    if (this.#numbers.size >= mostKnown && oldest !== undefined) this.#numbers.delete(oldest);
    this.#numbers.set(id, seq);
  }

  #which(messageId: string): string {
    return String(this.#numbers.get(messageId) ?? `message ${messageId}`);
  }

  async #who(userId: string | null): Promise<string> {
    const { names, style } = this.#options;
    const handle = safeLine(await names.of(userId));
    return style.name(handle, handle);
  }
}
