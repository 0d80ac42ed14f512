import { find } from './api.js';

/** What who is not signed in sees. Until somebody owns the workspace, there is nobody who could sign in. */
export function showEntrance() {
  if (find('enter').dataset.owned === 'true') welcomeEverybody();
  else {
    find('unowned').hidden = false;
    find('sign-in').hidden = true;
    find('have-code').open = true;
    find('handle-hint').textContent =
      'By which others mention you: lowercase letters, digits, "-", "_" or ".".';
  }
  readCode();
}

export function welcomeEverybody() {
  find('unowned').hidden = true;
  find('sign-in').hidden = false;
  find('handle-hint').textContent = 'Only the first owner chooses one; everybody else leaves it empty.';
}

/** The code in the address is for this page alone, and stays in no history. */
function readCode() {
  const code = new URLSearchParams(location.hash.slice(1)).get('setup');
  if (code === null) return;
  history.replaceState(null, '', location.pathname);
  find('have-code').open = true;
  find('set-up').elements.namedItem('code').value = code;
  find('set-up').elements.namedItem('displayName').focus();
}
