import { useEffect, useRef, useState, type RefObject } from 'react';

/** Whether files are held over the place that one writes to. Those that are let go there are taken; elsewhere on the page nothing becomes of them. */
export function useDrop(
  form: RefObject<HTMLElement | null>,
  onFiles: (files: readonly File[]) => void,
): boolean {
  const [isOver, setOver] = useState(false);
  const latest = useRef(onFiles);
  latest.current = onFiles;
  useEffect(() => {
    const place = form.current?.closest<HTMLElement>('.main, .panel');
    if (place === null || place === undefined) return undefined;
    const stop = new AbortController();
    const { signal } = stop;
    const over = (event: DragEvent): void => {
      if (!bringsFiles(event)) return;
      event.preventDefault();
      setOver(true);
    };
    place.addEventListener('dragenter', over, { signal });
    place.addEventListener('dragover', over, { signal });
    place.addEventListener(
      'dragleave',
      (event) => {
        if (!(event.relatedTarget instanceof Node && place.contains(event.relatedTarget))) setOver(false);
      },
      { signal },
    );
    place.addEventListener(
      'drop',
      (event) => {
        if (!bringsFiles(event)) return;
        event.preventDefault();
        setOver(false);
        latest.current([...(event.dataTransfer?.files ?? [])]);
      },
      { signal },
    );
    // A browser would leave the page to show the file.
    const elsewhere = (event: DragEvent): void => {
      if (bringsFiles(event)) event.preventDefault();
    };
    addEventListener('dragover', elsewhere, { signal });
    addEventListener('drop', elsewhere, { signal });
    return () => stop.abort();
  }, [form]);
  return isOver;
}

const bringsFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes('Files') === true;
