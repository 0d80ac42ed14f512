import { type ReactNode, type RefObject } from 'react';
import { later } from './later.tsx';

/** Loaded when the first one opens: nobody waits for it to read. */
const Parts = later(() => import('./dialog-parts.tsx').then((part) => part.DialogParts));

export interface DialogProps {
  readonly title: string;
  readonly open: boolean;
  readonly onClose: () => void;
  readonly children: ReactNode;
  /** @default middle */
  readonly size?: 'small' | 'middle' | 'large';
  /** What has the focus when it opens. @default the first that can have it, or what asks for it by `autoFocus` */
  readonly initialFocus?: RefObject<HTMLElement | null>;
}

/** A question that is answered before anything else goes on. The focus stays within and goes back; Escape closes it. */
export function Dialog(props: DialogProps) {
  if (!props.open) return null;
  return <Parts {...props} />;
}
