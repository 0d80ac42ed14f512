import type { ChannelState, HubState } from '@parley/hub-client';
import { useCallback, useEffect, useState } from 'react';
import { useHubState, useSession } from '../hub/context.ts';
import { Notifier } from '../notifications/notifier.tsx';
import { Sidebar } from '../sidebar/sidebar.tsx';
import { later } from '../ui/later.tsx';
import { Welcome } from '../welcome/welcome.tsx';
import { useActivity } from './activity.ts';
import { Announcements } from './announcements.tsx';
import { keepPage } from './at-stake.ts';
import { Banner } from './banner.tsx';
import { ChannelPlace } from './channel-place.tsx';
import { useDrawer } from './drawer.ts';
import { OverlayView } from './overlay-view.tsx';
import { PanelView } from './panel-view.tsx';
import { go, usePlace } from './place.ts';
import { recentChannels } from './recent.ts';
import { useShortcuts } from './shortcuts.ts';
import './shell.css';

const AdminView = later(
  () => import('../admin/admin-view.tsx').then((part) => part.AdminView),
  () => <div className="main" aria-busy="true" />,
);

/** The frame: channels on the left, what is read in the middle, a panel on the right; one at a time where there is little room. */
export function Workspace() {
  const { hub, workspace, userId } = useSession();
  const place = usePlace();
  const ready = useHubState((state) => state.ready);
  const lost = place.view === 'channel' && place.channelId === undefined;
  const first = useHubState(({ channels }) => (lost ? startOf(channels, userId) : undefined));
  const [menu, setMenu] = useState(false);
  const closeMenu = useCallback(() => setMenu(false), []);
  useShortcuts();
  useActivity();
  useDrawer(menu, closeMenu);
  useEffect(() => hub.watchAgents(), [hub]);
  // What waits to be sent is in the page and nowhere else.
  useEffect(() => keepPage(() => [...hub.snapshot().channels.values()].some(hasOutgoing)), [hub]);
  useEffect(() => setMenu(false), [place]);
  useEffect(() => {
    if (lost && first !== undefined) go({ ...place, channelId: first }, { replace: true });
  }, [place, lost, first]);

  return (
    <div
      className="workspace"
      data-menu={menu || undefined}
      data-panel={place.panel !== undefined || undefined}
    >
      <a className="skip" href="#main" onClick={skip}>
        Skip to the messages
      </a>
      <header className="quiet">
        <h1>{workspace}</h1>
      </header>
      <Banner />
      <Sidebar onClose={closeMenu} />
      {menu && (
        <button type="button" className="scrim" aria-label="Close the list of channels" onClick={closeMenu} />
      )}
      {place.view === 'admin' ? (
        <AdminView page={place.page} onMenu={() => setMenu(true)} />
      ) : place.channelId === undefined ? (
        <main id="main" className="main" tabIndex={-1} aria-busy={!ready}>
          {ready && <Welcome onMenu={() => setMenu(true)} />}
        </main>
      ) : (
        <ChannelPlace
          key={place.channelId}
          channelId={place.channelId}
          messageId={place.messageId}
          onMenu={() => setMenu(true)}
        />
      )}
      {place.panel !== undefined && <PanelView panel={place.panel} channelId={place.channelId} />}
      <OverlayView />
      <Notifier />
      <Announcements />
    </div>
  );
}

const hasOutgoing = ({ outgoing }: ChannelState): boolean => outgoing.length > 0;

function skip(event: { preventDefault: () => void }): void {
  // The address belongs to the place where one is.
  event.preventDefault();
  const main = document.getElementById('main');
  const shown = main?.checkVisibility() ? main : document.querySelector<HTMLElement>('.panel');
  shown?.focus();
}

/** Where one was last, or the first channel there is. */
function startOf(channels: HubState['channels'], userId: string): string | undefined {
  if (channels.size === 0) return undefined;
  const first = [...channels.values()].find(({ channel }) => channel.archivedAt === null);
  return recentChannels(userId).find((id) => channels.has(id)) ?? first?.channel.id;
}
