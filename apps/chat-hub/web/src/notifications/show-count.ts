/** Shows at the icons of the tab and of the application that something waits. */
export function showCount(count: number): void {
  const link = document.querySelector<HTMLLinkElement>('link[rel="icon"]');
  const icon = count === 0 ? '/icon.svg' : '/icon-waiting.svg';
  if (link !== null && link.getAttribute('href') !== icon) link.setAttribute('href', icon);
  if (!('setAppBadge' in navigator)) return;
  const shown = count === 0 ? navigator.clearAppBadge() : navigator.setAppBadge(count);
  // It is for applications that were installed; others may refuse it.
  shown.catch(() => {});
}
