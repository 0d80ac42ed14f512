import type { ClientFrameOf, ClientFrameType } from '../frames/client-frames.ts';
import type { ServerFrameOf, ServerFrameType } from '../frames/server-frames.ts';
import { HubError } from '../errors.ts';
import { limits } from '../limits.ts';
import { toProblem } from '../problem.ts';
import { version } from '../version.ts';
import { at, epoch, exampleAgent, exampleMessage, exampleRoster, ids } from './example-values.ts';

const channelId = ids.general;
const ofMessage = { ref: '7', channelId, messageId: ids.root };

/** A frame of each type that clients send. */
export const clientFrameExamples: { readonly [T in ClientFrameType]: ClientFrameOf<T> } = {
  hello: {
    type: 'hello',
    version,
    token: 'pat_…',
    epoch,
    positions: { [channelId]: 17 },
    subscribe: 'joined',
    client: 'my-bot/1.0',
    session: 'tab-1',
  },
  subscribe: { type: 'subscribe', ref: '7', channelId, after: 17, epoch },
  unsubscribe: { type: 'unsubscribe', ref: '7', channelId },
  send: { type: 'send', ref: '7', channelId, clientId: 'c-1', content: 'Hello world!' },
  append: { type: 'append', channelId, messageId: ids.root, offset: 12, text: ' world' },
  finish: { type: 'finish', ...ofMessage, content: 'Hello, dear world' },
  edit: { type: 'edit', ...ofMessage, content: 'Hello, world!' },
  delete: { type: 'delete', ...ofMessage },
  react: { type: 'react', ...ofMessage, emoji: '👍' },
  unreact: { type: 'unreact', ...ofMessage, emoji: '👍' },
  pin: { type: 'pin', ...ofMessage },
  unpin: { type: 'unpin', ...ofMessage },
  read: { type: 'read', channelId, seq: 17 },
  typing: { type: 'typing', channelId, state: 'start' },
  presence: { type: 'presence', activity: 'away' },
  agent: { type: 'agent', load: 0.25, capabilities: ['design', 'review'] },
  watch: { type: 'watch', ref: '7', channelId },
  unwatch: { type: 'unwatch', ref: '7', channelId },
  watch_agents: { type: 'watch_agents', ref: '7' },
  unwatch_agents: { type: 'unwatch_agents', ref: '7' },
  listen: { type: 'listen', ref: '7', topic: 'marketplace' },
  unlisten: { type: 'unlisten', ref: '7', topic: 'marketplace' },
  ping: { type: 'ping' },
};

/** A frame of each type that hubs send. */
export const serverFrameExamples: { readonly [T in ServerFrameType]: ServerFrameOf<T> } = {
  welcome: {
    type: 'welcome',
    version,
    epoch,
    userId: ids.ada,
    nodeId: 'node-1',
    heartbeat: 25_000,
    limits: {
      content: limits.content,
      contentBytes: limits.contentBytes,
      append: limits.append,
      frameBytes: limits.frameBytes,
      framesPerMessage: limits.framesPerMessage,
      listens: limits.listens,
      watches: limits.watches,
    },
    resume: 'live',
  },
  event: {
    type: 'event',
    event: { type: 'channel.reaction.add', channelId, messageId: ids.root, emoji: '👍', userId: ids.ada },
    timestamp: at,
    senderId: ids.ada,
    channelId,
    seq: 18,
    epoch,
  },
  caught_up: { type: 'caught_up', channelId, seq: 18 },
  resync: { type: 'resync', channelId, epoch, seq: 20_417, reason: 'gap' },
  gone: { type: 'gone', channelId },
  heads: { type: 'heads', epoch, heads: { [channelId]: 18 } },
  roster: { type: 'roster', roster: exampleRoster },
  agents: { type: 'agents', agents: [exampleAgent], stale: false },
  ack: { type: 'ack', ref: '7', channelId, messageId: ids.root, seq: 17, message: exampleMessage },
  error: {
    type: 'error',
    ref: '7',
    error: toProblem(
      new HubError('INVALID', 'content must have at most 16000 characters', {
        field: 'content',
        requestId: 'r-42',
      }),
    ),
  },
  goodbye: { type: 'goodbye', reason: 'drain', reconnectAfter: 1_500 },
  pong: { type: 'pong' },
};
