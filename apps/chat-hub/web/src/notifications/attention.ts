import { readPlace } from '../shell/place.ts';

/** Whether somebody looks at this page. */
export const isLooking = (): boolean => document.visibilityState === 'visible' && document.hasFocus();

/** Tells when that may have changed. */
function onLooking(listener: () => void, signal: AbortSignal): void {
  for (const type of ['focus', 'blur', 'popstate', 'hashchange'] as const)
    addEventListener(type, listener, { signal });
  document.addEventListener('visibilitychange', listener, { signal });
}

/** What is read in a place: a channel, and a thread beside it. */
function placesRead(hash: string): readonly string[] {
  const { view, channelId, panel } = readPlace(hash);
  if (view !== 'channel' || channelId === undefined) return [];
  return panel?.kind === 'thread' ? [channelId, `${channelId}/${panel.id}`] : [channelId];
}

export const placeOf = (channelId: string, threadId: string | null): string =>
  threadId === null ? channelId : `${channelId}/${threadId}`;

/** Whether somebody reads there, before this page. */
export const readsHere = (place: string): boolean => isLooking() && placesRead(location.hash).includes(place);

const lockOf = (place: string): string => `parley.reads.${place}`;

/** Holds a lock until the signal. It ends with its page, however that ends. */
function hold(name: string, mode: LockMode, signal: AbortSignal, work: () => void): void {
  const held = navigator.locks.request(name, { mode, signal }, async () => {
    work();
    await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
  });
  // Nobody waits for it any more.
  held.catch(() => {});
}

/** Lets the other pages know what is read before this one, until the signal. */
export function shareAttention(signal: AbortSignal): void {
  let present: AbortController | undefined;
  const update = (): void => {
    present?.abort();
    present = new AbortController();
    if (!isLooking()) return;
    for (const place of placesRead(location.hash)) hold(lockOf(place), 'shared', present.signal, () => {});
  };
  onLooking(update, signal);
  signal.addEventListener('abort', () => present?.abort());
  update();
}

/** Whether somebody reads there, before whichever page. */
export async function isRead(place: string): Promise<boolean> {
  if (readsHere(place)) return true;
  const { held = [] } = await navigator.locks.query();
  return held.some(({ name }) => name === lockOf(place));
}

/** Does something in one page of all that somebody has open, and in another one when that is closed. */
export function inOnePage(userId: string, signal: AbortSignal, work: () => void): void {
  hold(`parley.tells.${userId}`, 'exclusive', signal, work);
}
