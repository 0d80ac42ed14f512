import type { Message } from '@parley/hub-protocol';
import { Ellipsis, SmilePlus } from 'lucide-react';
import { useEffect, useLayoutEffect, useState, type RefObject } from 'react';
import { useStanding } from '../composer/use-standing.ts';
import { EmojiPopover } from '../emoji/emoji-popover.tsx';
import { favourites, noteUse, useHabits } from '../emoji/habits.ts';
import { useSession } from '../hub/context.ts';
import { IconButton } from '../ui/icon-button.tsx';
import { Menu } from '../ui/menu.tsx';
import { useToasts } from '../ui/toasts.tsx';
import { DeleteDialog } from './delete-dialog.tsx';
import { rowOf } from './near.ts';
import { toggleReaction } from './reacting.ts';
import { doingsOf } from './what-to-do.ts';

export interface ActionBarProps {
  readonly message: Message;
  readonly inThread: boolean;
  readonly place: RefObject<HTMLDivElement | null>;
  /** Whether something is open that must not go away with the pointer. */
  readonly onHold: (held: boolean) => void;
}

const quick = new Set(['thread', 'edit']);
const keys: Readonly<Record<string, string>> = { e: 'edit', t: 'thread', Delete: 'delete' };

/** The buttons themselves, for one row at a time. */
export function ActionBar({ message, inThread, place, onHold }: ActionBarProps) {
  const session = useSession();
  const { hub, userId, scopes } = session;
  const standing = useStanding(message.channelId);
  const toasts = useToasts();
  const habits = useHabits();
  const [anchor, setAnchor] = useState<Element | null>(null);
  const [isMenuOpen, setMenuOpen] = useState(false);
  const [isDeleting, setDeleting] = useState(false);
  const mayReact = standing.canWrite && scopes.has('react') && message.kind !== 'system';
  const doings = doingsOf({
    message,
    inThread,
    session,
    standing,
    toasts,
    onDelete: () => setDeleting(true),
  });
  const react = (emoji: string): void => void toggleReaction(hub, message, emoji, userId).catch(toasts.fail);
  const isHeld = isMenuOpen || anchor !== null || isDeleting;
  useEffect(() => onHold(isHeld), [onHold, isHeld]);

  // Whoever sees the buttons can press their keys.
  useLayoutEffect(() => {
    const row = rowOf(place.current);
    if (row === null) return undefined;
    const press = (event: KeyboardEvent): void => {
      // Of the row alone: what stands in it has keys of its own.
      if (event.target !== row || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
      const doing = doings.find(({ id }) => id === keys[event.key]);
      if (event.key === 'r' && mayReact) setAnchor(place.current);
      else if (doing === undefined) return;
      else doing.onSelect();
      event.preventDefault();
    };
    row.addEventListener('keydown', press);
    return () => row.removeEventListener('keydown', press);
  });

  const reaction = { label: 'React…', icon: SmilePlus, hint: 'R', onSelect: () => setAnchor(place.current) };
  const items = mayReact ? [reaction, ...doings] : doings;
  return (
    <>
      <div className="action-bar" role="toolbar" aria-label="Actions of the message">
        <span className="action-pointed">
          {mayReact &&
            favourites(habits, 3).map((emoji) => (
              <button
                key={emoji}
                type="button"
                className="icon-button action-emoji"
                aria-label={`React with ${emoji}`}
                title={`React with ${emoji}`}
                onClick={() => {
                  noteUse(emoji);
                  react(emoji);
                }}
              >
                {emoji}
              </button>
            ))}
          {mayReact && (
            <IconButton
              label="React with an emoji"
              icon={SmilePlus}
              aria-haspopup="dialog"
              aria-expanded={anchor !== null}
              onClick={(event) => setAnchor(event.currentTarget)}
            />
          )}
          {doings
            .filter(({ id }) => quick.has(id))
            .map(({ id, label, icon, onSelect }) => (
              <IconButton key={id} label={label} icon={icon} onClick={onSelect} />
            ))}
        </span>
        <Menu label="More actions" icon={Ellipsis} items={items} onOpenChange={setMenuOpen} />
      </div>
      <EmojiPopover
        anchor={anchor}
        onClose={() => setAnchor(null)}
        onPick={(emoji) => {
          setAnchor(null);
          react(emoji);
        }}
      />
      {isDeleting && (
        <DeleteDialog
          message={message}
          isOwn={message.senderId === userId}
          onClose={() => setDeleting(false)}
        />
      )}
    </>
  );
}
