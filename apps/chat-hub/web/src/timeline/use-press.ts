import { useCallback, useEffect, useRef, type PointerEvent, type RefObject } from 'react';

const ends = ['pointerup', 'pointercancel', 'blur'] as const;

/**
 * Whether something in a list is being pressed. What moves on under a finger is not pressed at all: the button that it came down on is not the
 * one that it leaves.
 *
 * @param onEnd when the press has been told to whatever was pressed
 */
export function usePress(onEnd: () => void): {
  readonly isPressed: RefObject<boolean>;
  readonly onPointerDown: (event: PointerEvent<HTMLElement>) => void;
} {
  const isPressed = useRef(false);
  const gone = useRef<AbortController>(undefined);
  useEffect(() => () => gone.current?.abort(), []);
  const onPointerDown = useCallback(
    ({ target, currentTarget }: PointerEvent<HTMLElement>): void => {
      // The bar by which the list is scrolled is the list itself, and tells of no end.
      if (target === currentTarget) return;
      gone.current?.abort();
      const stop = new AbortController();
      gone.current = stop;
      isPressed.current = true;
      const end = (): void => {
        stop.abort();
        requestAnimationFrame(() => {
          if (gone.current !== stop) return;
          isPressed.current = false;
          onEnd();
        });
      };
      for (const event of ends) addEventListener(event, end, { signal: stop.signal });
    },
    [onEnd],
  );
  return { isPressed, onPointerDown };
}
