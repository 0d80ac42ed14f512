import type { LucideIcon } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { IconButton } from './icon-button.tsx';

const Parts = lazy(() => import('./menu-parts.tsx').then(({ MenuParts }) => ({ default: MenuParts })));

export interface MenuItem {
  readonly label: string;
  readonly icon?: LucideIcon;
  readonly onSelect: () => void;
  readonly tone?: 'danger';
  /** A key that does the same. */
  readonly hint?: string;
}

export interface MenuProps {
  /** What the button says to screen readers. */
  readonly label: string;
  readonly icon: LucideIcon;
  readonly items: readonly MenuItem[];
  readonly onOpenChange?: (open: boolean) => void;
}

/** A button with a list of things to do. It is loaded when somebody uses the first one. */
export function Menu(props: MenuProps) {
  const [used, setUsed] = useState(false);
  const open = () => {
    setUsed(true);
    props.onOpenChange?.(true);
  };
  const button = <IconButton label={props.label} icon={props.icon} aria-haspopup="menu" onClick={open} />;
  if (!used) return button;
  return (
    <Suspense fallback={button}>
      <Parts {...props} />
    </Suspense>
  );
}
