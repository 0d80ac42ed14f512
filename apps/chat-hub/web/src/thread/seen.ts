import { useSyncExternalStore } from 'react';

const key = 'parley.threads';
const most = 500;
const listeners = new Set<() => void>();
/** What was said before this browser was first here counts as seen. */
let kept = read();

interface Kept {
  readonly since: number;
  /** When the last reply was that somebody has seen, by thread. */
  readonly seen: Readonly<Record<string, number>>;
}

function read(): Kept {
  const now = { since: Date.now(), seen: {} };
  try {
    const found: unknown = JSON.parse(localStorage.getItem(key) ?? 'null');
    return isKept(found) ? found : now;
  } catch {
    return now;
  }
}

function isKept(value: unknown): value is Kept {
  return (
    typeof value === 'object' &&
    value !== null &&
    'since' in value &&
    typeof value.since === 'number' &&
    'seen' in value &&
    typeof value.seen === 'object' &&
    value.seen !== null
  );
}

/** The replies of a thread up to a moment were seen. */
export function sawThread(threadId: string, at: number): void {
  if ((kept.seen[threadId] ?? 0) >= at) return;
  const latest = Object.entries({ ...kept.seen, [threadId]: at })
    .toSorted(([, one], [, other]) => other - one)
    .slice(0, most);
  kept = { since: kept.since, seen: Object.fromEntries(latest) };
  try {
    localStorage.setItem(key, JSON.stringify(kept));
  } catch {
    // It holds until the page is closed.
  }
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

/** Up to which moment the replies of a thread were seen here. */
export function useSeen(threadId: string): number {
  return useSyncExternalStore(subscribe, () => kept.seen[threadId] ?? kept.since);
}
