import { call, filled, find, onAsk } from './api.js';

const form = find('status');

/** How oneself is seen: what one chooses, and whether the page is looked at. */
export function createStatus({ write }) {
  const tellActivity = () => write({ type: 'presence', activity: document.hidden ? 'away' : 'online' });
  document.addEventListener('visibilitychange', tellActivity);
  return {
    connected() {
      // A connection begins as one that is looked at.
      if (document.hidden) tellActivity();
    },
  };
}

function show(status) {
  for (const name of ['availability', 'emoji', 'customStatus'])
    form.elements.namedItem(name).value = status[name] ?? '';
}

find('own').addEventListener('toggle', () => {
  if (find('own').open) call('GET', '/me/status').then(show, () => {});
});

onAsk(form, 'submit', async () => {
  const chosen = filled(form);
  if (Object.keys(chosen).length === 0) await call('DELETE', '/me/status');
  else await call('PUT', '/me/status', chosen);
  find('own').open = false;
});

onAsk(find('clear-status'), 'click', async () => {
  await call('DELETE', '/me/status');
  show({});
  find('own').open = false;
});
