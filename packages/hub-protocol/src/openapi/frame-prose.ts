import type { ClientFrameType } from '../frames/client-frames.ts';
import type { ServerFrameType } from '../frames/server-frames.ts';

export const clientFrameProse: Readonly<Record<ClientFrameType, string>> = {
  hello: 'The first frame, with what the client has. Answered by `welcome`, or the connection is closed.',
  subscribe:
    'Hear a channel. With `after`, what came since is sent first, then `caught_up`; or `resync`, when it is too much.',
  unsubscribe: 'Hear a channel no longer.',
  send: 'Send a message. Answered by `ack` when it is committed; the same `clientId` again is answered with the message that is there.',
  append:
    'Add text to a message that was sent with `streaming: "open"`. It is passed on and not kept. Without text it says that there is more to come.',
  finish: 'End a streaming message with the whole of its text.',
  edit: 'Change the text of a message.',
  delete: 'Delete a message.',
  react: 'React to a message.',
  unreact: 'Take a reaction back.',
  pin: 'Pin a message.',
  unpin: 'Unpin a message.',
  read: 'Everything up to a number is read.',
  typing: 'Somebody types: said again every few seconds while it lasts.',
  presence:
    'What the connection says of its user: `away` when nobody is at the keys. A user is seen by their liveliest connection.',
  agent: 'An agent tells how busy it is and what it can do.',
  watch:
    'Hear who comes and goes in a channel, and who types. Answered by `roster`; `channel.presence` and `channel.typing` follow.',
  unwatch: 'Hear that no longer.',
  watch_agents: 'Hear of the agents. Answered by `agents`; `agent.update` follows.',
  unwatch_agents: 'Hear of them no longer.',
  listen: 'Hear the custom events of a topic.',
  unlisten: 'Hear them no longer.',
  ping: 'Answered by `pong`.',
};

export const serverFrameProse: Readonly<Record<ServerFrameType, string>> = {
  welcome:
    'The connection stands. After `heartbeat` milliseconds of silence a client sends `ping`, after twice as many it connects again.',
  event:
    'Something happened. An event whose `seq` was applied already is dropped; one that leaves a gap sends the client back to `subscribe`.',
  caught_up:
    'All that was missed in this channel has been sent; from here on it is live. Of a channel without a position it tells where it stands.',
  resync:
    'Too much was missed to send it, or the numbers are of another epoch: read the channel anew, and take the events after `seq`.',
  gone: 'A channel of `positions` or `subscribe` is not there any more, or not for this user: forget it.',
  heads:
    'The last number of each channel, every 15 seconds and in several frames when there are many. Whoever is behind has lost the end, and subscribes again after what it has.',
  roster:
    'Who is in a channel that the connection watches, and who types. It comes again when events do not tell what changed: after a disturbance, and every few seconds for a channel with too many to list.',
  agents: 'The agents that are at work, and those that went within five minutes.',
  ack: 'It is committed. `seq` is missing when nothing was to change.',
  error: 'The frame with this `ref` was refused; nothing of it was done.',
  goodbye: 'The connection will be closed: connect again after `reconnectAfter` milliseconds, to any node.',
  pong: 'The answer to `ping`.',
};
