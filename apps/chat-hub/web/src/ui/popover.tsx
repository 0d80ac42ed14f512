import { type ReactNode } from 'react';
import { later } from './later.tsx';

const Parts = later(() => import('./popover-parts.tsx').then((part) => part.PopoverParts));

export interface PopoverProps {
  /** What it is, for screen readers. */
  readonly label: string;
  /** What it stands beside. Null: it is closed. */
  readonly anchor: Element | null;
  /** With which end of the anchor it is in line. @default end */
  readonly align?: 'start' | 'end' | undefined;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** Something that stands beside what it belongs to until one goes on with something else. Escape closes it, and the focus goes back. */
export function Popover(props: PopoverProps) {
  if (props.anchor === null) return null;
  return <Parts {...props} />;
}
