import { X } from 'lucide-react';
import { useEffect, useId, useRef, type ReactNode } from 'react';
import { IconButton } from '../ui/icon-button.tsx';
import { useAlone } from './alone.ts';
import { isCovered } from './overlay.ts';
import { goBeside } from './place.ts';

export interface PanelFrameProps {
  readonly title: string;
  readonly children: ReactNode;
  /** Beside the title. */
  readonly actions?: ReactNode;
}

/** The frame of what stands beside the timeline. Escape closes it, and gives the focus back to where it was. */
export function PanelFrame({ title, children, actions }: PanelFrameProps) {
  const id = useId();
  const alone = useAlone();
  const frame = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const before = document.activeElement;
    const inside = frame.current;
    if (inside !== null && !inside.contains(before) && !isCovered()) inside.focus({ preventScroll: true });
    return () => {
      if (before instanceof HTMLElement && before.isConnected && document.activeElement === document.body)
        before.focus({ preventScroll: true });
    };
  }, []);
  return (
    // Its role changes with the room there is, and what was begun in it stays.
    <div
      ref={frame}
      role={alone ? 'main' : 'complementary'}
      className="panel"
      aria-labelledby={id}
      tabIndex={-1}
      onKeyDown={(event) => {
        if (event.key === 'Escape' && !event.defaultPrevented) goBeside(undefined);
      }}
    >
      {/* Heads of what is in a section are no heads of the page. */}
      <section className="panel-inside">
        <header className="panel-head">
          <h2 id={id}>{title}</h2>
          {actions}
          <IconButton label={`Close: ${title}`} icon={X} onClick={() => goBeside(undefined)} />
        </header>
        {children}
      </section>
    </div>
  );
}
