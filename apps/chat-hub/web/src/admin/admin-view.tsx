import { Menu } from 'lucide-react';
import { Suspense, useEffect, useRef } from 'react';
import { useHubState, useIsAdmin, useSession } from '../hub/context.ts';
import { hashOf } from '../shell/place.ts';
import { IconButton } from '../ui/icon-button.tsx';
import { Notice } from '../ui/notice.tsx';
import { adminPages } from './pages.ts';
import './admin.css';

export interface AdminViewProps {
  readonly page: string | undefined;
  readonly onMenu: () => void;
}

/** What who runs the workspace does, and where everybody finds their own tokens. */
export function AdminView({ page = '', onMenu }: AdminViewProps) {
  const isAdmin = useIsAdmin();
  const { scopes } = useSession();
  const known = useHubState(({ users, me }) => me !== undefined && users.has(me));
  const offered = adminPages.filter(({ who }) => (who === 'everybody' ? scopes.has('manage') : isAdmin));
  const [name = '', ...rest] = page.split('/');
  const wanted = name || offered[0]?.name || 'overview';
  const found = offered.find((one) => one.name === wanted);
  const exists = adminPages.some((one) => one.name === wanted);
  const scroller = useRef<HTMLDivElement>(null);
  const nav = useRef<HTMLElement>(null);
  useEffect(() => {
    // Some browsers answer with a promise, which is no cleanup.
    scroller.current?.scrollTo(0, 0);
    // Where there is little room the list of pages goes beyond the edge.
    const link = nav.current?.querySelector<HTMLElement>('[aria-current]');
    if (link != null) nav.current?.scrollTo({ left: link.offsetLeft - nav.current.clientWidth / 3 });
  }, [page]);
  return (
    <main id="main" className="main admin" tabIndex={-1}>
      <header className="admin-head">
        <IconButton className="menu-button" label="Channels" icon={Menu} onClick={onMenu} />
        <h1>{isAdmin || !known ? 'Administration' : 'Tokens'}</h1>
      </header>
      <div className="admin-body">
        {offered.length > 1 && (
          <nav ref={nav} className="admin-nav" aria-label="Administration">
            <ul>
              {offered.map(({ name, label, icon: Icon }) => (
                <li key={name}>
                  <a
                    href={hashOf({ view: 'admin', page: name })}
                    aria-current={name === wanted ? (rest.length > 0 ? 'true' : 'page') : undefined}
                  >
                    <Icon aria-hidden size={17} />
                    {label}
                  </a>
                </li>
              ))}
            </ul>
          </nav>
        )}
        <div className="admin-scroll" ref={scroller}>
          <div className="admin-page">
            {found !== undefined ? (
              <Suspense fallback={<div className="admin-wait" aria-busy="true" />}>
                <found.Page key={page} rest={rest} />
              </Suspense>
            ) : (
              known && (
                <Notice>
                  {exists
                    ? 'This is for those who run the workspace: owners and administrators. Ask one of them if you need something here.'
                    : 'There is no such page here.'}
                </Notice>
              )
            )}
          </div>
        </div>
      </div>
    </main>
  );
}
