import { createElement, useEffect, useState, type FunctionComponent, type ReactNode } from 'react';

/**
 * A part of the page that is loaded when it is first shown, so that nobody waits for it who only reads.
 * Where it cannot be loaded, what stands in for it stays, and it is tried again whenever somebody presses something: a page that begins anew for it
 * (`main.tsx`) does so while somebody is there, and not by itself when a connection comes back.
 *
 * @param fallback what stands there until then; by default nothing
 */
export function later<Props extends object>(
  load: () => Promise<FunctionComponent<Props>>,
  fallback?: (props: Props) => ReactNode,
): FunctionComponent<Props> {
  let found: FunctionComponent<Props> | undefined;
  return function Later(props) {
    const [Part, setPart] = useState(() => found);
    const missing = Part === undefined;
    useEffect(() => {
      if (!missing) return undefined;
      const end = new AbortController();
      const look = (): void =>
        void load().then(
          (part) => {
            found = part;
            if (!end.signal.aborted) setPart(() => part);
          },
          () => {},
        );
      look();
      addEventListener('click', look, { signal: end.signal });
      return () => end.abort();
    }, [missing]);
    return Part === undefined ? fallback?.(props) : createElement(Part, props);
  };
}
