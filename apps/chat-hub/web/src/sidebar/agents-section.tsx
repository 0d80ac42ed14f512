import type { HubState } from '@parley/hub-client';
import { memo, useRef, useState } from 'react';
import { useHubState } from '../hub/context.ts';
import { nameOf } from '../hub/names.ts';
import { goBeside } from '../shell/place.ts';
import { Avatar } from '../ui/avatar.tsx';
import { Section } from './section.tsx';

const fewest = 6;

/** The agents that are at work now, and how busy they are. */
export function AgentsSection({ tabbed }: { readonly tabbed: string | undefined }) {
  const ids = useAtWork();
  const [all, setAll] = useState(false);
  if (ids.length === 0) return null;
  const shown = all ? ids : ids.slice(0, fewest);
  return (
    <Section name="agents" title={`Agents at work · ${ids.length}`}>
      {(folded) =>
        !folded && (
          <>
            <ul>
              {shown.map((id) => (
                <AgentLink key={id} userId={id} tabbed={tabbed === id} />
              ))}
            </ul>
            {ids.length > fewest && (
              <button type="button" className="sidebar-more" aria-expanded={all} onClick={() => setAll(!all)}>
                {all ? 'Show fewer' : `Show all ${ids.length}`}
              </button>
            )}
          </>
        )
      }
    </Section>
  );
}

/** By name, so that nobody moves because somebody else is busy. */
export function useAtWork(): readonly string[] {
  const last = useRef<{ agents: HubState['agents']; users: HubState['users']; ids: readonly string[] }>(
    undefined,
  );
  return useHubState(({ agents, users }) => {
    const before = last.current;
    if (before?.agents === agents && before?.users === users) return before?.ids ?? none;
    const here = [...(agents?.members.values() ?? [])].filter(({ online }) => online);
    const named = here.map(({ userId }) => ({ userId, name: nameOf(users.get(userId)) }));
    const ids = named.sort((a, b) => a.name.localeCompare(b.name)).map(({ userId }) => userId);
    const same = before?.ids.length === ids.length && before.ids.every((id, at) => id === ids[at]);
    last.current = { agents, users, ids: same ? before.ids : ids };
    return last.current.ids;
  });
}

const none: readonly string[] = [];

const AgentLink = memo(function AgentLink({
  userId,
  tabbed,
}: {
  readonly userId: string;
  readonly tabbed: boolean;
}) {
  const name = useHubState(({ users }) => nameOf(users.get(userId)));
  const load = useHubState(({ agents }) => agents?.members.get(userId)?.load ?? null);
  const percent = load === null ? undefined : Math.round(Math.min(Math.max(load, 0), 1) * 100);
  return (
    <li>
      <button
        type="button"
        className="sidebar-link"
        aria-label={percent === undefined ? name : `${name}, ${percent} % busy`}
        data-row={userId}
        tabIndex={tabbed ? 0 : -1}
        onClick={() => goBeside({ kind: 'profile', id: userId })}
      >
        <span className="sidebar-sign" aria-hidden>
          <Avatar userId={userId} size={20} />
        </span>
        <span className="sidebar-name" dir="auto">
          {name}
        </span>
        {percent !== undefined && (
          <span className="sidebar-load" title={`${percent} % busy`}>
            <span style={{ inlineSize: `${percent}%` }} data-high={percent >= 80 || undefined} />
          </span>
        )}
      </button>
    </li>
  );
});
