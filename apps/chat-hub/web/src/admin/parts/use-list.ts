import { useRef } from 'react';
import { useWork } from '../../ui/use-work.ts';
import { useLoaded, type Loaded } from './use-loaded.ts';

interface Page<Row> {
  readonly items: readonly Row[];
  readonly next: string | null;
}

export interface List<Row> {
  readonly rows: readonly Row[] | undefined;
  readonly busy: boolean;
  readonly error: unknown;
  readonly reload: () => void;
  /** Brings the next page. Undefined: this is all. */
  readonly more: (() => void) | undefined;
  readonly change: (change: (rows: readonly Row[]) => readonly Row[]) => void;
}

export type LoadPage<Row> = (cursor: string | undefined, signal?: AbortSignal) => Promise<Page<Row>>;

/** A list that is read page by page. */
export function useList<Row>(load: LoadPage<Row>, key = ''): List<Row> {
  const first: Loaded<Page<Row>> = useLoaded((signal) => load(undefined, signal), key);
  const { value, set } = first;
  const current = useRef(value);
  current.current = value;
  const next = useWork(async (cursor: string) => {
    const page = await load(cursor);
    // Another list may have taken the place of this one.
    if (current.current?.next !== cursor) return;
    set((before) => ({ items: [...before.items, ...page.items], next: page.next }));
  });
  const cursor = value?.next ?? null;
  return {
    rows: value?.items,
    busy: first.busy || next.busy,
    error: first.error ?? next.error,
    reload: next.error === undefined ? first.reload : () => cursor !== null && void next.run(cursor),
    more: cursor === null || next.error !== undefined ? undefined : () => void next.run(cursor),
    change: (change) => set((page) => ({ ...page, items: change(page.items) })),
  };
}
