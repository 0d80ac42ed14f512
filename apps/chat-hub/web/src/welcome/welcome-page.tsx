import { useIsAdmin, useSession } from '../hub/context.ts';
import { BrowseChannels } from './browse-channels.tsx';
import { FirstSteps } from './first-steps.tsx';
import './welcome.css';

/** What to begin with: who runs the workspace fills it, and everybody finds a channel. */
export function WelcomePage() {
  const { workspace, scopes } = useSession();
  const isAdmin = useIsAdmin();
  return (
    <div className="welcome">
      <header>
        <img src="/icon.svg" alt="" width={48} height={48} />
        <h2>Welcome to {workspace}</h2>
        <p>You are in no channel yet. Channels are where people and agents talk.</p>
      </header>
      {isAdmin && <FirstSteps />}
      <BrowseChannels canJoin={scopes.has('write')} />
    </div>
  );
}
