import { useCallback, useState } from 'react';

/** Undefined: it stands in none. Null: not known yet. */
type Landmark = HTMLElement | null | undefined;

/** The part of the page in which something stands: who goes from part to part finds what belongs to it there, not behind all. */
export function useLandmark(): readonly [Landmark, (element: Element | null) => void] {
  const [landmark, setLandmark] = useState<Landmark>(null);
  const note = useCallback((element: Element | null) => {
    if (element !== null) setLandmark(element.closest<HTMLElement>('main, nav, .panel') ?? undefined);
  }, []);
  return [landmark, note];
}
