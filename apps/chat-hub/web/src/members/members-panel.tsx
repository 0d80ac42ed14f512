import { UserPlus } from 'lucide-react';
import { useDeferredValue, useMemo, useState } from 'react';
import { useChannel, useRights } from '../channel/use-rights.ts';
import { useHubState } from '../hub/context.ts';
import { sentenceOf } from '../hub/problem.ts';
import { PanelFrame } from '../shell/panel-frame.tsx';
import type { PanelProps } from '../shell/panel-view.tsx';
import { IconButton } from '../ui/icon-button.tsx';
import { Notice } from '../ui/notice.tsx';
import { AddMembers } from './add-members.tsx';
import { MemberList } from './member-list.tsx';
import { groupMembers } from './member-rows.ts';
import { useMembers } from './use-members.ts';
import '../channel/panels.css';
import './members.css';

/** Who is in a channel, and who of them is here. */
export function MembersPanel({ channelId }: PanelProps) {
  const channel = useChannel(channelId);
  const [adding, setAdding] = useState(false);
  const rights = useRights(channelId ?? '');
  if (channel === undefined) return <PanelFrame title="Members">{null}</PanelFrame>;
  const invite = rights?.invite === true && (
    <IconButton
      label="Add people or agents"
      icon={UserPlus}
      aria-expanded={adding}
      onClick={() => setAdding(!adding)}
    />
  );
  return (
    <PanelFrame title={`Members (${channel.memberCount.toLocaleString()})`} actions={invite}>
      {adding && rights?.invite && <AddMembers channel={channel} onClose={() => setAdding(false)} />}
      <Members channelId={channel.id} />
    </PanelFrame>
  );
}

function Members({ channelId }: { readonly channelId: string }) {
  const { members, error, retry } = useMembers(channelId);
  const roster = useHubState(({ rosters }) => rosters.get(channelId));
  const agents = useHubState((state) => state.agents);
  const users = useHubState((state) => state.users);
  const [typed, setTyped] = useState('');
  const sought = useDeferredValue(typed);
  const groups = useMemo(
    () => (members ? groupMembers({ members, users, roster, agents }, sought) : []),
    [members, users, roster, agents, sought],
  );
  return (
    <>
      <div className="panel-tools">
        <input
          className="panel-field"
          type="search"
          aria-label="Find a member"
          placeholder="Find a member"
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
          onKeyDown={(event) => {
            if (event.key !== 'Escape' || typed === '') return;
            event.preventDefault();
            setTyped('');
          }}
        />
      </div>
      {roster?.complete === false && (
        <p className="panel-hint">
          {roster.users.toLocaleString()} are here now. In a channel of this size only some of them are shown
          as such.
        </p>
      )}
      {roster?.stale && (
        <p className="panel-hint" role="status">
          Who is here may be outdated just now.
        </p>
      )}
      {members === undefined && error !== undefined && (
        <div className="panel-note">
          <Notice tone="bad" action={{ label: 'Try again', onClick: retry }}>
            The members could not be read. {sentenceOf(error)}
          </Notice>
        </div>
      )}
      {members === undefined && error === undefined && (
        <div className="panel-waiting" role="status" aria-label="Loading" />
      )}
      {members && groups.length === 0 && (
        <div className="panel-note">
          <Notice>{sought === '' ? 'Nobody is in this channel.' : `No member is called “${sought}”.`}</Notice>
        </div>
      )}
      {groups.length > 0 && <MemberList channelId={channelId} groups={groups} />}
    </>
  );
}
