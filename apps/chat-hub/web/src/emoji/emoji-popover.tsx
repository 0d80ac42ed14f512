import { Popover } from '../ui/popover.tsx';
import './emoji.css';
import { later } from '../ui/later.tsx';

const EmojiPicker = later(
  () => import('./emoji-picker.tsx').then((part) => part.EmojiPicker),
  () => <div className="emoji-picker" aria-busy="true" />,
);

export interface EmojiPopoverProps {
  /** What it stands beside. Null: it is closed. */
  readonly anchor: Element | null;
  /** @default end */
  readonly align?: 'start' | 'end';
  readonly onPick: (sign: string) => void;
  readonly onClose: () => void;
}

/** The emoji, beside the button that asked for them. */
export function EmojiPopover({ anchor, align, onPick, onClose }: EmojiPopoverProps) {
  return (
    <Popover label="Emoji" anchor={anchor} align={align} onClose={onClose}>
      <EmojiPicker onPick={onPick} />
    </Popover>
  );
}
