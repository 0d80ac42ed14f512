import { useChannelList } from '../finding/channel-list.ts';
import { FoundChannels } from '../finding/found-channels.tsx';
import { useIsAdmin, useSession } from '../hub/context.ts';
import { FirstSteps } from './first-steps.tsx';
import './welcome.css';

/** What to begin with: who runs the workspace fills it, and everybody finds a channel. */
export function WelcomePage() {
  const { workspace } = useSession();
  const isAdmin = useIsAdmin();
  const list = useChannelList('', false);
  return (
    <div className="welcome">
      <header>
        <img src="/icon.svg" alt="" width={48} height={48} />
        <h2>Welcome to {workspace}</h2>
        <p>You are in no channel yet. Channels are where people and agents talk.</p>
      </header>
      {isAdmin && <FirstSteps />}
      <section className="welcome-channels" aria-labelledby="welcome-channels">
        <h3 id="welcome-channels">Channels to join</h3>
        <FoundChannels
          list={list}
          none="There is no public channel yet. Who is invited to a private one finds it on the left."
        />
      </section>
    </div>
  );
}
