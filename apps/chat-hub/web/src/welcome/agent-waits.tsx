import type { HubState } from '@parley/hub-client';
import { CircleCheck, LoaderCircle } from 'lucide-react';
import { useHubState } from '../hub/context.ts';
import { url } from '../hub/sign-in.ts';
import { Button } from '../ui/button.tsx';
import { Copyable } from './copyable.tsx';
import type { NewAgent } from './create-agent.ts';

export interface AgentWaitsProps {
  readonly agent: NewAgent;
  readonly onDone: () => void;
}

/** A line for a terminal, and whether the agent has been heard. */
export function AgentWaits({ agent, onDone }: AgentWaitsProps) {
  const { user, token, channel } = agent;
  const heard = useHubState((state) => isHeard(state, agent));
  const does = channel === undefined ? 'whoami' : `send ${channel.name} "Hello, I am ${user.handle}"`;
  const line = `PARLEY_URL=${url} PARLEY_TOKEN=${token} npx parley ${does}`;
  return (
    <div className="welcome-form">
      <p>
        <b dir="auto">{user.displayName}</b> is made. In a clone of the repository, this line lets it speak:
      </p>
      <Copyable label="A line for the terminal" text={line} />
      <p className="welcome-about">
        The token in it proves who the agent is, and is not shown again. Any program can use it, over REST,
        WebSocket or the client.
      </p>
      <p className="agent-waits" role="status" data-heard={heard || undefined}>
        {heard ? <CircleCheck aria-hidden size={18} /> : <LoaderCircle aria-hidden size={18} />}
        {heard ? `${user.displayName} is heard.` : `Waiting for ${user.displayName} …`}
      </p>
      <Button tone={heard ? 'main' : 'quiet'} onClick={onDone}>
        Done
      </Button>
    </div>
  );
}

function isHeard({ agents, channels }: HubState, { user, channel }: NewAgent): boolean {
  if (agents?.members.get(user.id)?.online === true) return true;
  const messages = channel === undefined ? [] : (channels.get(channel.id)?.messages ?? []);
  return messages.some(({ senderId, kind }) => senderId === user.id && kind !== 'system');
}
