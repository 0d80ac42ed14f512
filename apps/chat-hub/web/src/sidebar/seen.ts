import { useEffect, type RefObject } from 'react';

const callbacks = new WeakMap<Element, (seen: boolean) => void>();
let observer: IntersectionObserver | undefined;

/** Tells whether an element is on the screen, or nearly. */
export function useSeen(
  element: RefObject<Element | null>,
  tell: ((seen: boolean) => void) | undefined,
): void {
  useEffect(() => {
    const { current } = element;
    if (current === null || tell === undefined) return undefined;
    observer ??= new IntersectionObserver(
      (entries) => {
        for (const { target, isIntersecting } of entries) callbacks.get(target)?.(isIntersecting);
      },
      { rootMargin: '100px' },
    );
    callbacks.set(current, tell);
    observer.observe(current);
    return () => {
      observer?.unobserve(current);
      callbacks.delete(current);
    };
  }, [element, tell]);
}
