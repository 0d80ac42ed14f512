import { X } from 'lucide-react';
import { useEffect, useId, useRef, type ReactNode } from 'react';
import { IconButton } from '../ui/icon-button.tsx';
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
  const frame = useRef<HTMLElement>(null);
  useEffect(() => {
    const before = document.activeElement;
    const inside = frame.current;
    if (inside !== null && !inside.contains(before)) inside.focus({ preventScroll: true });
    return () => {
      if (before instanceof HTMLElement && before.isConnected && document.activeElement === document.body)
        before.focus({ preventScroll: true });
    };
  }, []);
  return (
    <aside
      ref={frame}
      className="panel"
      aria-labelledby={id}
      tabIndex={-1}
      onKeyDown={(event) => {
        if (event.key === 'Escape' && !event.defaultPrevented) goBeside(undefined);
      }}
    >
      <header className="panel-head">
        <h2 id={id}>{title}</h2>
        {actions}
        <IconButton label={`Close: ${title}`} icon={X} onClick={() => goBeside(undefined)} />
      </header>
      {children}
    </aside>
  );
}
