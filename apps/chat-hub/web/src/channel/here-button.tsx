import type { HubState, RosterState } from '@parley/hub-client';
import type { Channel } from '@parley/hub-protocol';
import { Bot, CloudAlert, Users } from 'lucide-react';
import { useHubState } from '../hub/context.ts';
import { goBeside, usePlace } from '../shell/place.ts';
import { Avatar } from '../ui/avatar.tsx';

const shownFaces = 3;

/** Who is in a channel, by some faces and in numbers; it opens the list of them. */
export function HereButton({ channel }: { readonly channel: Channel }) {
  const roster = useHubState(({ rosters }) => rosters.get(channel.id));
  const isLive = useHubState(({ connection }) => connection.phase === 'live');
  const faces = useHubState((state) => facesOf(roster, state))
    .split(' ')
    .filter(Boolean);
  const agents = useHubState(({ users }) => countAgents(roster, users));
  const pressed = usePlace().panel?.kind === 'members';
  // Without a connection everything is outdated, and a banner says so.
  const stale = roster?.stale === true && isLive;
  const facts = [
    `${channel.memberCount} member${channel.memberCount === 1 ? '' : 's'}`,
    roster && `${roster.users} here now`,
    agents > 0 && `${agents} agent${agents === 1 ? '' : 's'} at work`,
    stale && 'who is here may be outdated',
  ].filter((fact) => typeof fact === 'string');
  return (
    <button
      type="button"
      className="head-button here-button"
      aria-pressed={pressed}
      title={facts.join(', ')}
      data-stale={stale || undefined}
      onClick={() => goBeside(pressed ? undefined : { kind: 'members' })}
    >
      <span className="quiet">Members: {facts.join(', ')}</span>
      {faces.length > 0 && (
        <span className="faces wide" aria-hidden>
          {faces.map((userId) => (
            <Avatar key={userId} userId={userId} size={22} />
          ))}
        </span>
      )}
      <span className="head-count" aria-hidden>
        <Users aria-hidden size={16} /> {channel.memberCount.toLocaleString()}
      </span>
      {agents > 0 && (
        <span className="head-count agents-here" aria-hidden>
          <Bot aria-hidden size={16} /> {agents.toLocaleString()}
        </span>
      )}
      {stale && <CloudAlert aria-hidden size={16} className="stale-mark" />}
    </button>
  );
}

/** People in front of agents, and others in front of oneself. As a text, which is the same when they are. */
function facesOf(roster: RosterState | undefined, { users, me }: HubState): string {
  const rank = (id: string): number => (id === me ? 2 : users.get(id)?.kind === 'agent' ? 1 : 0);
  const ids = [...(roster?.members.keys() ?? [])];
  return ids
    .toSorted((one, other) => rank(one) - rank(other))
    .slice(0, shownFaces)
    .join(' ');
}

function countAgents(roster: RosterState | undefined, users: HubState['users']): number {
  let count = 0;
  for (const id of roster?.members.keys() ?? []) if (users.get(id)?.kind === 'agent') count += 1;
  return count;
}
