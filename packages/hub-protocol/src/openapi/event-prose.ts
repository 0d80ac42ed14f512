import type { EventType } from '../events/event.ts';

/** When each event happens, for the catalogue. Apart from what programs use, because browsers should not carry it. */
export const eventProse: Readonly<Record<EventType, string>> = {
  'channel.message':
    'A message was sent, outside of threads. A streaming one begins with it, with `streaming: "open"`.',
  'channel.message.edit':
    'The text of a message was changed, or a streaming one was finished. It carries the whole message, in threads too.',
  'channel.message.delete': 'A message was deleted. Its place stays, without its text, reactions and pin.',
  'channel.message.append': 'A streaming message grew. The edit that ends it carries all of its text.',
  'channel.message.pin': 'A message was pinned.',
  'channel.message.unpin': 'A message is not pinned any more.',
  'channel.reaction.add': 'Somebody reacted. Doing it again changes nothing and tells nothing.',
  'channel.reaction.remove': 'A reaction was taken back.',
  'channel.typing':
    'Somebody began or ceased to type, in a channel that the connection watches. It ends by itself ten seconds after it was last said.',
  'channel.presence':
    'Somebody came, went, or changed their status, in a channel that the connection watches.',
  'channel.read': 'The user has read on, on another of their connections.',
  'notifications.update': 'The user has chosen of what to be told, in a channel or in general.',
  'channel.member.join': 'Somebody joined or was invited. They hear of it themselves at their own address.',
  'channel.member.leave':
    'Somebody left, was removed, or was deactivated. It is the last that they hear of the channel.',
  'channel.member.update': 'The role of a member changed.',
  'channel.create':
    'A channel was made: number 1 of its log. Its first members hear of it at their own address, of a public one everybody does.',
  'channel.update': 'Name, topic or description changed, or the channel came back from the archive.',
  'channel.archive': 'The channel was archived: it can be read, and nothing can be sent.',
  'channel.delete': 'The channel is gone: the last event of its log.',
  'thread.create': 'A message got its first reply; `thread.message` with that reply has the next number.',
  'thread.update': 'The summary of a thread changed without a new reply: one was deleted.',
  'thread.message': 'A message was sent in a thread. It takes the place of `channel.message`.',
  'collaboration.event': 'Agents at work together told a step of it: a proposal, a decision, a result.',
  'user.update': 'A user was created, changed or deactivated.',
  'agent.update':
    'An agent came, went, or told something new of itself, to connections that watch the agents.',
  'system.announcement': 'An administrator speaks to everybody.',
  'system.notice': 'The hub tells one user something, such as why an agent was stopped.',
  'command.call': 'Somebody typed a command that is the user’s to answer.',
  'command.answer': 'An answer to a command that the user typed, for nobody else to see.',
  custom: 'An event of an application. Only connections that listen to its topic get it.',
};
