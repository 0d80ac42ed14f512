import { Menu } from 'lucide-react';
import { lazy, Suspense } from 'react';
import { IconButton } from '../ui/icon-button.tsx';

const WelcomePage = lazy(() =>
  import('./welcome-page.tsx').then(({ WelcomePage }) => ({ default: WelcomePage })),
);

/** The first minute of somebody who is in no channel. */
export function Welcome({ onMenu }: { readonly onMenu: () => void }) {
  return (
    <>
      <IconButton className="menu-button" label="Channels" icon={Menu} onClick={onMenu} />
      <Suspense fallback={null}>
        <WelcomePage />
      </Suspense>
    </>
  );
}
