import type { User } from '@parley/hub-protocol';
import { useEffect, useState } from 'react';
import { useHub, useHubState } from '../hub/context.ts';
import { sentenceOf } from '../hub/problem.ts';
import { PanelFrame } from '../shell/panel-frame.tsx';
import type { PanelProps } from '../shell/panel-view.tsx';
import { Notice } from '../ui/notice.tsx';
import { ProfileCard } from './profile-card.tsx';
import '../channel/panels.css';
import './members.css';

/** Who somebody is: a person, or an agent and what it can do. */
export function ProfilePanel({ panel, channelId }: PanelProps) {
  const userId = panel.kind === 'profile' ? panel.id : '';
  const { user, error, retry } = useSomebody(userId);
  return (
    <PanelFrame title={user?.kind === 'agent' ? 'Agent' : 'Profile'}>
      {user && <ProfileCard user={user} channelId={channelId} />}
      {!user && error === undefined && <div className="panel-waiting" role="status" aria-label="Loading" />}
      {!user && error !== undefined && (
        <div className="panel-note">
          <Notice tone="bad" action={{ label: 'Try again', onClick: retry }}>
            The profile could not be read. {sentenceOf(error)}
          </Notice>
        </div>
      )}
    </PanelFrame>
  );
}

/** Somebody whom the state knows, or else the hub. */
function useSomebody(userId: string) {
  const hub = useHub();
  const known = useHubState(({ users }) => users.get(userId));
  const isReady = useHubState((state) => state.ready);
  const [read, setRead] = useState<User>();
  const [error, setError] = useState<unknown>();
  const [tries, setTries] = useState(0);
  const isUnknown = isReady && known === undefined;
  useEffect(() => {
    if (!isUnknown) return;
    setError(undefined);
    hub.call('readUser', { params: { userId } }).then(setRead, setError);
  }, [hub, userId, isUnknown, tries]);
  return { user: known ?? read, error, retry: () => setTries(tries + 1) };
}
