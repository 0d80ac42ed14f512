import { useSyncExternalStore } from 'react';

/** What stands beside the timeline. */
export type Panel =
  | { readonly kind: 'thread' | 'profile'; readonly id: string }
  | { readonly kind: 'search'; readonly query: string }
  | { readonly kind: 'members' | 'pins' | 'settings' | 'files' };

/** Where somebody is in the workspace. It stands in the address, so that it can be kept, shared and gone back to. */
export interface Place {
  /** `channel` without an id is the first page of somebody who is in no channel. */
  readonly view: 'channel' | 'admin';
  readonly channelId?: string | undefined;
  /** The message that a link leads to. */
  readonly messageId?: string | undefined;
  /** A page of the administration, such as `users` or `users/ID`. */
  readonly page?: string | undefined;
  readonly panel?: Panel | undefined;
}

const plain = ['members', 'pins', 'settings', 'files'] as const;

/** `#/c/CHANNEL/m/MESSAGE?panel=thread:ROOT` or `#/admin/users`. What makes no sense leads to the start. */
export function readPlace(hash: string): Place {
  const [path = '', query = ''] = hash.replace(/^#/u, '').split('?');
  const [, view, id, mark, messageId, ...rest] = path.split('/').map(decode);
  const panel = readPanel(new URLSearchParams(query).get('panel') ?? '');
  if (view === 'admin') {
    const page = [id, mark, messageId, ...rest].filter(Boolean).join('/');
    return { view, page: page === '' ? undefined : page, panel };
  }
  if (view !== 'c' || !id) return { view: 'channel', panel };
  return { view: 'channel', channelId: id, messageId: mark === 'm' ? messageId : undefined, panel };
}

export function hashOf({ view, channelId, messageId, page, panel }: Place): string {
  const parts =
    view === 'admin'
      ? ['admin', ...(page?.split('/') ?? [])]
      : ['c', channelId, ...(messageId ? ['m', messageId] : [])];
  const path = parts.flatMap((part) => (part === undefined ? [] : [encodeURIComponent(part)])).join('/');
  return `#/${path}${panel === undefined ? '' : `?panel=${encodeURIComponent(writePanel(panel))}`}`;
}

function readPanel(text: string): Panel | undefined {
  const [kind = '', ...rest] = text.split(':');
  const value = rest.join(':');
  if ((kind === 'thread' || kind === 'profile') && value !== '') return { kind, id: value };
  if (kind === 'search') return { kind, query: value };
  const known = plain.find((name) => name === kind);
  return known === undefined ? undefined : { kind: known };
}

function writePanel(panel: Panel): string {
  if (panel.kind === 'search') return `search:${panel.query}`;
  return 'id' in panel ? `${panel.kind}:${panel.id}` : panel.kind;
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return '';
  }
}

/** Goes somewhere; `replace` leaves no way back to where one was. */
export function go(place: Place, { replace = false } = {}): void {
  const hash = hashOf(place);
  if (hash === location.hash) return;
  if (replace) history.replaceState(null, '', hash);
  else history.pushState(null, '', hash);
  dispatchEvent(new PopStateEvent('popstate'));
}

/** Changes some of where one is. */
export function goBeside(panel: Panel | undefined): void {
  go({ ...readPlace(location.hash), panel });
}

let last: { readonly hash: string; readonly place: Place } | undefined;

function currentPlace(): Place {
  const { hash } = location;
  if (last?.hash !== hash) last = { hash, place: readPlace(hash) };
  return last.place;
}

function subscribe(listener: () => void): () => void {
  const events = ['popstate', 'hashchange'] as const;
  for (const event of events) addEventListener(event, listener);
  return () => {
    for (const event of events) removeEventListener(event, listener);
  };
}

export function usePlace(): Place {
  return useSyncExternalStore(subscribe, currentPlace);
}
