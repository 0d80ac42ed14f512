import { useSyncExternalStore } from 'react';
import type { renderMarkdown } from './markdown.ts';

type Render = typeof renderMarkdown;

const againMs = 5_000;
const listeners = new Set<() => void>();
let render: Render | undefined;
let asked = false;

/** What reads Markdown comes when the first message needs it, and once. Until then, and without it, messages are seen as they were written. */
async function load(): Promise<void> {
  if (asked) return;
  asked = true;
  try {
    ({ renderMarkdown: render } = await import('./markdown.ts'));
    for (const listener of listeners) listener();
  } catch {
    setTimeout(() => {
      asked = false;
      if (listeners.size > 0) void load();
    }, againMs);
  }
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  void load();
  return () => void listeners.delete(listener);
}

const nothing = (): (() => void) => () => {};

/** @param needed whether there is something to be read with it */
export function useMarkdown(needed: boolean): Render | undefined {
  return useSyncExternalStore(needed ? subscribe : nothing, () => render);
}
