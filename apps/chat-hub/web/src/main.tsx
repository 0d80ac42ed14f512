import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { applyPreferences } from './preferences/preferences.ts';
import './styles/tokens.css';
import './styles/base.css';

// Another version of the hub has other parts: a page that misses one of its own begins anew, once.
addEventListener('vite:preloadError', () => {
  const key = 'parley.reloaded';
  if (sessionStorage.getItem(key) !== null) return;
  // While the hub cannot be reached, a page that begins anew would be lost.
  void fetch('/', { method: 'HEAD', cache: 'no-store' }).then(
    ({ ok }) => {
      if (!ok) return;
      sessionStorage.setItem(key, 'once');
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
