import type { Agent } from '@parley/hub-protocol';
import type { Access } from '../../access/access.ts';
import type { Chat } from '../../chat/chat.ts';
import { agentWith } from '../../presence/agent-card.ts';
import type { HubPresence } from '../../presence/hub-presence.ts';
import { byRequests } from '../../presence/typists.ts';
import type { Handlers } from '../handler.ts';
import { readPage } from '../paging.ts';

export interface PresenceParts {
  readonly access: Access;
  readonly chat: Chat;
  readonly presence: Pick<HubPresence, 'rosters' | 'agents' | 'statuses' | 'typists'>;
}

type Names =
  | 'readRoster'
  | 'setTyping'
  | 'listPresences'
  | 'readStatus'
  | 'setStatus'
  | 'clearStatus'
  | 'listAgents';

/** Users are read so many at a time, as not all of them may be wanted. */
const usersAtOnce = 200;

export function presenceHandlers({ access, chat, presence }: PresenceParts): Pick<Handlers, Names> {
  const { rosters, agents, statuses, typists } = presence;
  return {
    async readRoster({ caller, params: { channelId }, signal }) {
      await chat.logs.head(caller, channelId, { signal });
      return rosters.read(channelId);
    },
    async setTyping({ caller: { userId }, caller, params: { channelId }, body, signal }) {
      await chat.messages.mayType(caller, channelId, { signal });
      const { state, threadId = null } = body;
      const typed = { channelId, userId, threadId, connection: byRequests };
      await (state === 'start' ? typists.start(typed) : typists.stop(typed));
    },
    listPresences: async ({ query: { userIds } }) => ({ items: await statuses.of([...new Set(userIds)]) }),
    readStatus: ({ caller }) => statuses.read(caller.userId),
    setStatus: ({ caller, body }) => statuses.set(caller.userId, body),
    clearStatus: ({ caller }) => statuses.clear(caller.userId),
    async listAgents({ query: { limit, cursor, capability, online }, signal }) {
      const known = await agents.known();
      const fits = (agent: Agent): boolean =>
        (online === undefined || agent.online === online) &&
        (capability === undefined || agent.capabilities.includes(capability));
      const read = async (after: string | undefined, atMost: number): Promise<Listed[]> => {
        const found: Listed[] = [];
        for (let from = after; ;) {
          const query = { kind: 'agent', after: from, limit: usersAtOnce } as const;
          const users = await access.users.list(query, { signal });
          for (const user of users) {
            const agent = agentWith(user, known.get(user.id));
            if (fits(agent)) found.push({ handle: user.handle, agent });
          }
          if (found.length >= atMost || users.length < usersAtOnce) return found.slice(0, atMost);
          from = users.at(-1)?.handle;
        }
      };
      const page = await readPage({ limit, cursor }, read, ({ handle }) => handle);
      return { ...page, items: page.items.map(({ agent }) => agent) };
    },
  };
}

interface Listed {
  readonly handle: string;
  readonly agent: Agent;
}
