import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { nothingAtStake } from './shell/at-stake.ts';
import { applyPreferences } from './preferences/preferences.ts';
import './styles/tokens.css';
import './styles/base.css';

/** Longer than a page needs that begins anew and misses something again. */
const betweenMs = 600_000;

// Another version of the hub has other parts: a page that misses one of its own begins anew. It is asked for in no other way, because browsers
// keep that a part could not be loaded for as long as the page is there.
addEventListener('vite:preloadError', () => {
  const key = 'parley.reloaded';
  if (Date.now() - Number(sessionStorage.getItem(key)) < betweenMs) return;
  // While the hub cannot be reached, a page that begins anew would be lost.
  void fetch('/', { method: 'HEAD', cache: 'no-store' }).then(
    ({ ok }) => {
      if (!ok || !nothingAtStake()) return;
      sessionStorage.setItem(key, String(Date.now()));
      location.reload();
    },
    () => {},
  );
});

applyPreferences();
const root = document.getElementById('root');
if (root === null) throw new Error('the page has no root');
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
