import type { ClientFrameType } from './frames/client-frames.ts';
import type { Scope } from './roles.ts';

/** What somebody must be in the channel at hand, besides having the scope. */
export const channelAccess = {
  see: 'a member, or anybody when the channel is public',
  post: 'a member who is no observer of it, while it is not archived',
  author: 'who may post, and wrote the message',
  moderate: 'who wrote the message or manages the channel',
  manage: 'an owner or admin of the channel or of the workspace',
} as const;
export type ChannelAccess = keyof typeof channelAccess;

/** What a route or a frame asks of its caller. The hub decides by this table, and its tests walk it. */
export interface Access {
  /** Null: whoever is signed in. */
  readonly scope: Scope | null;
  readonly channel?: ChannelAccess;
}

export const frameAccess: Readonly<Record<ClientFrameType, Access>> = {
  hello: { scope: null },
  subscribe: { scope: 'read', channel: 'see' },
  unsubscribe: { scope: 'read' },
  send: { scope: 'write', channel: 'post' },
  append: { scope: 'write', channel: 'author' },
  finish: { scope: 'write', channel: 'author' },
  edit: { scope: 'write', channel: 'author' },
  delete: { scope: 'write', channel: 'moderate' },
  react: { scope: 'react', channel: 'post' },
  unreact: { scope: 'react', channel: 'post' },
  pin: { scope: 'manage', channel: 'post' },
  unpin: { scope: 'manage', channel: 'post' },
  read: { scope: 'read', channel: 'see' },
  typing: { scope: 'write', channel: 'post' },
  presence: { scope: 'read' },
  agent: { scope: 'write' },
  watch: { scope: 'read', channel: 'see' },
  unwatch: { scope: 'read' },
  watch_agents: { scope: 'read' },
  unwatch_agents: { scope: 'read' },
  listen: { scope: 'read' },
  unlisten: { scope: 'read' },
  ping: { scope: null },
};
