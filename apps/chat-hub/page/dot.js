const words = { online: 'here', away: 'away', dnd: 'not to be disturbed', offline: 'not here' };

/** Told by its form as well as by its colour; what stands beside it says the same in words. */
export function dot(status = 'offline') {
  const element = document.createElement('span');
  element.className = 'dot';
  element.dataset.status = status;
  element.setAttribute('aria-hidden', 'true');
  return element;
}

/** A status of a later hub is some way of being here. */
export const seenAs = (status = 'offline') => words[status] ?? words.online;
