import { MessageSquarePlus, Plus, Search, X } from 'lucide-react';
import { useRef, useState } from 'react';
import { useDraftChannels } from '../composer/use-drafts.ts';
import { useHubState, useSession } from '../hub/context.ts';
import { isApple } from '../shell/apple.ts';
import { openOverlay } from '../shell/overlay.ts';
import { usePlace } from '../shell/place.ts';
import { IconButton } from '../ui/icon-button.tsx';
import { Menu } from '../ui/menu.tsx';
import { AgentsSection, useAtWork } from './agents-section.tsx';
import { ChannelLink } from './channel-link.tsx';
import { useHeld, useOrder } from './order.ts';
import { OwnCorner } from './own-corner.tsx';
import { rove } from './roving.ts';
import { Section } from './section.tsx';
import './sidebar.css';

/** Where one can go. */
export function Sidebar({ onClose }: { readonly onClose: () => void }) {
  const { workspace, scopes } = useSession();
  const { channelId } = usePlace();
  const ready = useHubState((state) => state.ready);
  const list = useRef<HTMLDivElement>(null);
  const order = useOrder(useHeld(list));
  const drafts = useDraftChannels();
  const agents = useAtWork();
  const [rover, setRover] = useState<string>();
  const rows = [...order.rooms, ...order.talks, ...agents];
  const tabbed = [rover, channelId].find((id) => id !== undefined && rows.includes(id)) ?? rows[0];
  const link = (id: string, folded: boolean) => (
    <ChannelLink
      key={id}
      channelId={id}
      current={id === channelId}
      draft={drafts.has(id)}
      tabbed={id === tabbed}
      folded={folded}
      onClose={onClose}
    />
  );
  return (
    <nav className="sidebar" aria-label="Channels">
      <header className="sidebar-head">
        <p className="sidebar-title" dir="auto">
          {workspace}
        </p>
        <IconButton className="sidebar-close" label="Close the list of channels" icon={X} onClick={onClose} />
      </header>
      <button type="button" className="sidebar-find" onClick={() => openOverlay({ kind: 'switcher' })}>
        <Search aria-hidden size={15} />
        <span>Find or go to…</span>
        <kbd aria-hidden>{isApple ? '⌘K' : 'Ctrl K'}</kbd>
      </button>
      <div
        ref={list}
        className="sidebar-lists"
        aria-busy={!ready}
        onKeyDown={rove}
        onFocus={({ target }) => setRover((before) => target.dataset['row'] ?? before)}
      >
        <Section name="rooms" title="Channels" actions={<RoomActions mayMake={scopes.has('manage')} />}>
          {(folded) => (
            <>
              <ul>{order.rooms.map((id) => link(id, folded))}</ul>
              {ready && order.rooms.length === 0 && !folded && (
                <button
                  type="button"
                  className="sidebar-more"
                  onClick={() => openOverlay({ kind: 'browse-channels' })}
                >
                  Browse channels
                </button>
              )}
            </>
          )}
        </Section>
        <Section
          name="talks"
          title="Direct messages"
          actions={
            scopes.has('write') && (
              <IconButton
                label="New direct message"
                icon={MessageSquarePlus}
                onClick={() => openOverlay({ kind: 'new-direct' })}
              />
            )
          }
        >
          {(folded) => <ul>{order.talks.map((id) => link(id, folded))}</ul>}
        </Section>
        <AgentsSection tabbed={tabbed} />
      </div>
      <OwnCorner />
    </nav>
  );
}

function RoomActions({ mayMake }: { readonly mayMake: boolean }) {
  const browse = { label: 'Browse channels', onSelect: () => openOverlay({ kind: 'browse-channels' }) };
  const create = { label: 'Create a channel', onSelect: () => openOverlay({ kind: 'create-channel' }) };
  return <Menu label="Add channels" icon={Plus} items={mayMake ? [browse, create] : [browse]} />;
}
