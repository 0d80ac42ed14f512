import { Tabs } from '@base-ui/react/tabs';
import { Bell, KeyRound, Palette, Smile, UserRound, type LucideIcon } from 'lucide-react';
import { useRef, useState, type ReactNode } from 'react';
import { NotificationPreferences } from '../notifications/notification-preferences.tsx';
import { closeOverlay, type PreferencesPage } from '../shell/overlay.ts';
import { Dialog } from '../ui/dialog.tsx';
import { LookPage } from './look-page.tsx';
import { ProfilePage } from './profile-page.tsx';
import { SecurityPage } from './security-page.tsx';
import { StatusPage } from './status-page.tsx';
import './preferences.css';

interface Page {
  readonly page: PreferencesPage;
  readonly title: string;
  readonly icon: LucideIcon;
  readonly content: ReactNode;
}

const pages: readonly Page[] = [
  { page: 'look', title: 'Appearance', icon: Palette, content: <LookPage /> },
  { page: 'profile', title: 'Profile', icon: UserRound, content: <ProfilePage /> },
  { page: 'status', title: 'Status', icon: Smile, content: <StatusPage /> },
  { page: 'notifications', title: 'Notifications', icon: Bell, content: <NotificationPreferences /> },
  { page: 'security', title: 'Security', icon: KeyRound, content: <SecurityPage /> },
];

/** What somebody can have their way, and how others see them. */
export function PreferencesDialog({ page = 'look' }: { readonly page?: PreferencesPage | undefined }) {
  const [shown, setShown] = useState<string>(page);
  const first = useRef<HTMLButtonElement>(null);
  const [narrow] = useState(() => matchMedia('(max-width: 700px)').matches);
  return (
    <Dialog title="Preferences" open size="large" onClose={closeOverlay} initialFocus={first}>
      <Tabs.Root
        className="preferences"
        value={shown}
        onValueChange={(next) => setShown(String(next))}
        orientation={narrow ? 'horizontal' : 'vertical'}
      >
        <Tabs.List className="preferences-tabs" aria-label="Pages">
          {pages.map(({ page: tab, title, icon: Icon }) => (
            <Tabs.Tab
              key={tab}
              ref={tab === page ? first : undefined}
              value={tab}
              className="preferences-tab"
            >
              <Icon aria-hidden size={16} />
              {title}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {pages.map(({ page, content }) => (
          // What was typed on one page is there when one comes back to it.
          <Tabs.Panel key={page} value={page} keepMounted className="preferences-page">
            {content}
          </Tabs.Panel>
        ))}
      </Tabs.Root>
    </Dialog>
  );
}
