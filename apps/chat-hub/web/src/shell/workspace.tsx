import { lazy, Suspense, useEffect, useState } from 'react';
import { useHubState, useSession } from '../hub/context.ts';
import { Notifier } from '../notifications/notifier.tsx';
import { Sidebar } from '../sidebar/sidebar.tsx';
import { Switcher } from '../switcher/switcher.tsx';
import { Welcome } from '../welcome/welcome.tsx';
import { Banner } from './banner.tsx';
import { ChannelView } from './channel-view.tsx';
import { PanelView } from './panel-view.tsx';
import { go, usePlace } from './place.ts';
import './shell.css';

const AdminView = lazy(() =>
  import('../admin/admin-view.tsx').then(({ AdminView }) => ({ default: AdminView })),
);

/** The frame: channels on the left, what is read in the middle, a panel on the right; one at a time where there is little room. */
export function Workspace() {
  const { hub, workspace } = useSession();
  const place = usePlace();
  const ready = useHubState((state) => state.ready);
  const first = useHubState(firstChannel);
  const [menu, setMenu] = useState(false);
  useEffect(() => hub.watchAgents(), [hub]);
  useEffect(() => setMenu(false), [place]);
  useEffect(() => {
    document.title = workspace;
  }, [workspace]);
  useEffect(() => {
    if (place.view === 'channel' && place.channelId === undefined && first !== undefined)
      go({ ...place, channelId: first }, { replace: true });
  }, [place, first]);

  return (
    <div
      className="workspace"
      data-menu={menu || undefined}
      data-panel={place.panel !== undefined || undefined}
    >
      <a className="skip" href="#main" onClick={skip}>
        Skip to the messages
      </a>
      {/* The one in the list of channels is not there where that is hidden. */}
      <h1 className="quiet">{workspace}</h1>
      <Banner />
      <Sidebar onClose={() => setMenu(false)} />
      {menu && (
        <button
          type="button"
          className="scrim"
          aria-label="Close the list of channels"
          onClick={() => setMenu(false)}
        />
      )}
      <Suspense fallback={<div className="main" aria-busy="true" />}>
        {place.view === 'admin' ? (
          <AdminView page={place.page} onMenu={() => setMenu(true)} />
        ) : place.channelId === undefined ? (
          <main id="main" className="main" tabIndex={-1} aria-busy={!ready}>
            {ready && <Welcome onMenu={() => setMenu(true)} />}
          </main>
        ) : (
          <ChannelView
            key={place.channelId}
            channelId={place.channelId}
            messageId={place.messageId}
            onMenu={() => setMenu(true)}
          />
        )}
      </Suspense>
      {place.panel !== undefined && <PanelView panel={place.panel} channelId={place.channelId} />}
      <Switcher />
      <Notifier />
    </div>
  );
}

function skip(event: { preventDefault: () => void }): void {
  // The address belongs to the place where one is.
  event.preventDefault();
  document.getElementById('main')?.focus();
}

const firstChannel = ({ channels }: { channels: ReadonlyMap<string, unknown> }): string | undefined =>
  channels.keys().next().value;
