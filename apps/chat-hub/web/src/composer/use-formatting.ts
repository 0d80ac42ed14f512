import { useState } from 'react';

const key = 'parley.formatting';

/** Whether the formatting is shown, in this browser. */
export function useFormatting(): readonly [shown: boolean, setShown: (shown: boolean) => void] {
  const [shown, setShown] = useState(read);
  return [
    shown,
    (next) => {
      setShown(next);
      try {
        localStorage.setItem(key, String(next));
      } catch {
        // It holds until the page is closed.
      }
    },
  ];
}

function read(): boolean {
  try {
    return localStorage.getItem(key) === 'true';
  } catch {
    return false;
  }
}
