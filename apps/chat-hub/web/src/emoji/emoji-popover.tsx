import { lazy, Suspense } from 'react';
import { Popover } from '../ui/popover.tsx';
import './emoji.css';

const EmojiPicker = lazy(() =>
  import('./emoji-picker.tsx').then(({ EmojiPicker }) => ({ default: EmojiPicker })),
);

export interface EmojiPopoverProps {
  /** What it stands beside. Null: it is closed. */
  readonly anchor: Element | null;
  readonly onPick: (sign: string) => void;
  readonly onClose: () => void;
}

/** The emoji, beside the button that asked for them. */
export function EmojiPopover({ anchor, onPick, onClose }: EmojiPopoverProps) {
  return (
    <Popover label="Emoji" anchor={anchor} onClose={onClose}>
      <Suspense fallback={<div className="emoji-picker" aria-busy="true" />}>
        <EmojiPicker onPick={onPick} />
      </Suspense>
    </Popover>
  );
}
