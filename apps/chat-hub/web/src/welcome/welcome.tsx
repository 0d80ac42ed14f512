import { Menu } from 'lucide-react';
import { IconButton } from '../ui/icon-button.tsx';

/** The first minute of somebody who is in no channel. */
export function Welcome({ onMenu }: { readonly onMenu: () => void }) {
  return (
    <>
      <IconButton className="menu-button" label="Channels" icon={Menu} onClick={onMenu} />
      <h2>Welcome</h2>
    </>
  );
}
