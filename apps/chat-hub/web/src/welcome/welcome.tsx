import { Menu } from 'lucide-react';
import { IconButton } from '../ui/icon-button.tsx';
import { later } from '../ui/later.tsx';

const WelcomePage = later(() => import('./welcome-page.tsx').then((part) => part.WelcomePage));

/** The first minute of somebody who is in no channel. */
export function Welcome({ onMenu }: { readonly onMenu: () => void }) {
  return (
    <>
      <IconButton className="menu-button" label="Channels" icon={Menu} onClick={onMenu} />
      <WelcomePage />
    </>
  );
}
