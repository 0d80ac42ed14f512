import type { presenceRoutes } from '../rest/presence-routes.ts';
import type { Status } from '../values/presence.ts';
import type { CallExamples } from './example-call.ts';
import { at, exampleAgent, examplePresence, exampleRoster, ids } from './example-values.ts';

const params = { channelId: ids.general };
const status: Status = {
  availability: 'dnd',
  customStatus: 'Reviewing PRs',
  emoji: '👀',
  until: at + 60 * 60 * 1000,
};

export const presenceCallExamples: CallExamples<keyof typeof presenceRoutes> = {
  readRoster: { params, reply: exampleRoster },
  setTyping: { params, body: { state: 'start' } },
  listPresences: { query: { userIds: [ids.ada, ids.architect] }, reply: { items: [examplePresence] } },
  readStatus: { reply: status },
  setStatus: { body: status, reply: status },
  clearStatus: {},
  listAgents: {
    query: { capability: 'review', online: true },
    reply: { items: [exampleAgent], next: null },
  },
};
