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
}

/** What holds for each type of event. */
export const eventInfo: Readonly<Record<EventType, EventInfo>> = {
  'channel.message': { kept: 'log', travels: ['channel'] },
  'channel.message.edit': { kept: 'log', travels: ['channel'] },
  'channel.message.delete': { kept: 'log', travels: ['channel'] },
  'channel.message.append': { kept: 'moment', travels: ['channel'] },
  'channel.message.pin': { kept: 'log', travels: ['channel'] },
  'channel.message.unpin': { kept: 'log', travels: ['channel'] },
  'channel.reaction.add': { kept: 'log', travels: ['channel'] },
  'channel.reaction.remove': { kept: 'log', travels: ['channel'] },
  'channel.typing': { kept: 'moment', travels: ['channel'] },
  'channel.presence': { kept: 'moment', travels: ['channel'] },
  'channel.read': { kept: 'moment', travels: ['agent'] },
  'notifications.update': { kept: 'moment', travels: ['agent'] },
  'channel.member.join': { kept: 'log', travels: ['channel', 'agent'] },
  'channel.member.leave': { kept: 'log', travels: ['channel', 'agent'] },
  'channel.member.update': { kept: 'log', travels: ['channel'] },
  'channel.create': { kept: 'log', travels: ['channel', 'agent', 'global'] },
  'channel.update': { kept: 'log', travels: ['channel'] },
  'channel.archive': { kept: 'log', travels: ['channel'] },
  'channel.delete': { kept: 'log', travels: ['channel'] },
  'thread.create': { kept: 'log', travels: ['channel'] },
  'thread.update': { kept: 'log', travels: ['channel'] },
  'thread.message': { kept: 'log', travels: ['channel'] },
  'collaboration.event': { kept: 'log', travels: ['channel'] },
  'user.update': { kept: 'moment', travels: ['global'] },
  'agent.update': { kept: 'moment', travels: ['global'] },
  'system.announcement': { kept: 'moment', travels: ['global'] },
  'system.notice': { kept: 'moment', travels: ['agent'] },
  'command.call': { kept: 'moment', travels: ['agent'] },
  'command.answer': { kept: 'moment', travels: ['agent'] },
  custom: { kept: 'moment', travels: ['global'] },
};

/** Whether events of this type take a number of their channel's log. */
export function isKept(type: EventType): boolean {
  return eventInfo[type].kept === 'log';
}
