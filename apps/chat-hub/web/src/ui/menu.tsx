import type { LucideIcon } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { IconButton } from './icon-button.tsx';
import { later } from './later.tsx';

const Parts = later(() => import('./menu-parts.tsx').then((part) => part.MenuParts), MenuButton);

export interface MenuItem {
  readonly label: string;
  readonly icon?: LucideIcon;
  readonly onSelect: () => void;
  readonly tone?: 'danger';
  /** A key that does the same. */
  readonly hint?: string;
}

export interface MenuProps {
  /** What the button says to screen readers, if it shows no words. */
  readonly label: string;
  readonly icon: LucideIcon;
  readonly items: readonly MenuItem[];
  readonly onOpenChange?: (open: boolean) => void;
  /** What the button shows. @default the icon */
  readonly children?: ReactNode;
  /** How the button looks, if it is not a mere icon. */
  readonly className?: string;
  /** On which side of the button it opens, where there is room. @default bottom */
  readonly side?: 'top' | 'bottom';
}

/** A button with a list of things to do. It is loaded when somebody uses the first one. */
export function Menu(props: MenuProps) {
  const [used, setUsed] = useState(false);
  const open = () => {
    setUsed(true);
    props.onOpenChange?.(true);
  };
  return used ? <Parts {...props} /> : <MenuButton {...props} onOpen={open} />;
}

function MenuButton({
  label,
  icon,
  children,
  className,
  onOpen,
}: Pick<MenuProps, 'label' | 'icon' | 'children' | 'className'> & { readonly onOpen?: () => void }) {
  if (children === undefined)
    return <IconButton label={label} icon={icon} aria-haspopup="menu" onClick={onOpen} />;
  return (
    <button type="button" className={className} aria-haspopup="menu" onClick={onOpen}>
      {children}
    </button>
  );
}
