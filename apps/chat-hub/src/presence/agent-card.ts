import type { Agent, ClientFrameOf, User } from '@parley/hub-protocol';
import type { Agent as Registered, AgentCard } from '@parley/presence';

/** What an agent says of itself. */
export type AgentWord = Pick<ClientFrameOf<'agent'>, 'load' | 'capabilities' | 'model'>;

export type AgentProfile = Pick<User, 'capabilities' | 'model' | 'ownerId'>;

/** What is known of an agent before it has said anything. */
export function cardOf({ capabilities, model, ownerId }: AgentProfile): AgentCard {
  return { capabilities, model: model ?? undefined, owner: ownerId ?? undefined };
}

/** What is missing stays as it is. */
export function cardAfter(card: AgentCard, { load, capabilities, model }: AgentWord): AgentCard {
  return {
    ...card,
    ...(load !== undefined && { load: load ?? undefined }),
    ...(capabilities !== undefined && { capabilities }),
    ...(model !== undefined && { model: model ?? undefined }),
  };
}

export function agentOf({ agent, online, capabilities, model, owner, load }: Registered): Agent {
  return {
    userId: agent,
    online,
    capabilities: [...capabilities],
    model: model ?? null,
    ownerId: owner ?? null,
    load: online ? (load ?? null) : null,
  };
}

/** A user of kind agent, with what the registry knows while it is connected. */
export function agentWith({ id, capabilities, model, ownerId }: User, known: Agent | undefined): Agent {
  if (known?.online === true) return known;
  return { userId: id, online: false, capabilities, model, ownerId, load: null };
}
