import { pageOf } from '../received/page.ts';
import { list, object } from '../received/reader.ts';
import { agent, presence, roster, status } from '../received/values.ts';
import type { Call } from './call.ts';

export const presenceCalls = {
  readRoster: {
    method: 'GET',
    path: '/channels/{channelId}/presence',
    reply: roster,
  },
  setTyping: {
    method: 'PUT',
    path: '/channels/{channelId}/typing',
  },
  listPresences: {
    method: 'GET',
    path: '/presences',
    reply: object({ items: list(presence) }),
  },
  readStatus: {
    method: 'GET',
    path: '/me/status',
    reply: status,
  },
  setStatus: {
    method: 'PUT',
    path: '/me/status',
    reply: status,
  },
  clearStatus: {
    method: 'DELETE',
    path: '/me/status',
  },
  listAgents: {
    method: 'GET',
    path: '/agents',
    reply: pageOf(agent),
  },
} as const satisfies Record<string, Call>;
