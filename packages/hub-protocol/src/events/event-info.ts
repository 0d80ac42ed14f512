import type { Address } from './addresses.ts';
import type { EventType } from './event.ts';

export interface EventInfo {
  /**
   * `log`: takes a number of its channel's log, is kept, and is delivered to whoever comes back. `moment`: for those who are
   * connected now, and kept nowhere as an event.
   */
  readonly kept: 'log' | 'moment';
  /** The kinds of address that it is published to. */
  readonly travels: ReadonlyArray<Address['kind']>;
  /** When it happens. */
  readonly when: string;
}

/** What holds for each type of event. */
export const eventInfo: Readonly<Record<EventType, EventInfo>> = {
  'channel.message': {
    kept: 'log',
    travels: ['channel'],
    when: 'A message was sent, outside of threads. A streaming one begins with it, with `streaming: "open"`.',
  },
  'channel.message.edit': {
    kept: 'log',
    travels: ['channel'],
    when: 'The text of a message was changed, or a streaming one was finished. It carries the whole message, in threads too.',
  },
  'channel.message.delete': {
    kept: 'log',
    travels: ['channel'],
    when: 'A message was deleted. Its place stays, without its text, reactions and pin.',
  },
  'channel.message.append': {
    kept: 'moment',
    travels: ['channel'],
    when: 'A streaming message grew. The edit that ends it carries all of its text.',
  },
  'channel.message.pin': { kept: 'log', travels: ['channel'], when: 'A message was pinned.' },
  'channel.message.unpin': { kept: 'log', travels: ['channel'], when: 'A message is not pinned any more.' },
  'channel.reaction.add': {
    kept: 'log',
    travels: ['channel'],
    when: 'Somebody reacted. Doing it again changes nothing and tells nothing.',
  },
  'channel.reaction.remove': { kept: 'log', travels: ['channel'], when: 'A reaction was taken back.' },
  'channel.typing': {
    kept: 'moment',
    travels: ['channel'],
    when: 'Somebody began or ceased to type. It ends by itself after ten seconds.',
  },
  'channel.presence': {
    kept: 'moment',
    travels: ['channel'],
    when: 'Somebody in the channel came, went, or changed their status.',
  },
  'channel.read': {
    kept: 'moment',
    travels: ['agent'],
    when: 'The user has read on, on another of their connections.',
  },
  'channel.member.join': {
    kept: 'log',
    travels: ['channel', 'agent'],
    when: 'Somebody joined or was invited. They hear of it themselves at their own address.',
  },
  'channel.member.leave': {
    kept: 'log',
    travels: ['channel', 'agent'],
    when: 'Somebody left, was removed, or was deactivated. It is the last that they hear of the channel.',
  },
  'channel.member.update': { kept: 'log', travels: ['channel'], when: 'The role of a member changed.' },
  'channel.create': {
    kept: 'log',
    travels: ['channel', 'agent', 'global'],
    when: 'A channel was made: number 1 of its log. Its first members hear of it at their own address, of a public one everybody does.',
  },
  'channel.update': {
    kept: 'log',
    travels: ['channel'],
    when: 'Name, topic or description changed, or the channel came back from the archive.',
  },
  'channel.archive': {
    kept: 'log',
    travels: ['channel'],
    when: 'The channel was archived: it can be read, and nothing can be sent.',
  },
  'channel.delete': {
    kept: 'log',
    travels: ['channel'],
    when: 'The channel is gone: the last event of its log.',
  },
  'thread.create': {
    kept: 'log',
    travels: ['channel'],
    when: 'A message got its first reply; `thread.message` with that reply has the next number.',
  },
  'thread.update': {
    kept: 'log',
    travels: ['channel'],
    when: 'The summary of a thread changed without a new reply: one was deleted.',
  },
  'thread.message': {
    kept: 'log',
    travels: ['channel'],
    when: 'A message was sent in a thread. It takes the place of `channel.message`.',
  },
  'collaboration.event': {
    kept: 'log',
    travels: ['channel'],
    when: 'Agents at work together told a step of it: a proposal, a decision, a result.',
  },
  'user.update': { kept: 'moment', travels: ['global'], when: 'A user was created, changed or deactivated.' },
  'system.announcement': {
    kept: 'moment',
    travels: ['global'],
    when: 'An administrator speaks to everybody.',
  },
  'system.notice': {
    kept: 'moment',
    travels: ['agent'],
    when: 'The hub tells one user something, such as why an agent was stopped.',
  },
  custom: {
    kept: 'moment',
    travels: ['global'],
    when: 'An event of an application. Only connections that listen to its topic get it.',
  },
};

/** Whether events of this type take a number of their channel's log. */
export function isKept(type: EventType): boolean {
  return eventInfo[type].kept === 'log';
}
