import { X } from 'lucide-react';
import { useId, useMemo, useRef, useState, type KeyboardEvent } from 'react';
import { useHubState, useSession } from '../hub/context.ts';
import { nameOf } from '../hub/names.ts';
import { Avatar } from '../ui/avatar.tsx';
import { findPeople } from './people.ts';
import './people-picker.css';

export interface PeoplePickerProps {
  readonly label: string;
  readonly hint?: string;
  readonly chosen: readonly string[];
  readonly onChange: (chosen: readonly string[]) => void;
  /** How many may be chosen. */
  readonly most: number;
  readonly autoFocus?: boolean;
}

/** Chooses people and agents by a few letters of their names. */
export function PeoplePicker({ label, hint, chosen, onChange, most, autoFocus }: PeoplePickerProps) {
  const id = useId();
  const { userId } = useSession();
  const users = useHubState((state) => state.users);
  const [typed, setTyped] = useState('');
  const [open, setOpen] = useState(false);
  const [at, setAt] = useState(0);
  const field = useRef<HTMLInputElement>(null);
  const people = useMemo(() => (open ? findPeople(users, userId, typed) : []), [open, users, userId, typed]);
  const found = people.filter((user) => !chosen.includes(user.id));
  const full = chosen.length >= most;
  const shown = open && !full;
  const active = shown ? found[Math.min(at, found.length - 1)] : undefined;

  const add = (id: string): void => {
    onChange([...chosen, id]);
    setTyped('');
    setAt(0);
    field.current?.focus();
  };
  const drop = (id: string): void => {
    onChange(chosen.filter((other) => other !== id));
    field.current?.focus();
  };
  const press = (event: KeyboardEvent): void => {
    const { key } = event;
    if (event.nativeEvent.isComposing) return;
    const last = chosen.at(-1);
    if (key === 'ArrowDown' || key === 'ArrowUp') {
      event.preventDefault();
      const step = key === 'ArrowDown' ? 1 : -1;
      if (shown) setAt((at + step + found.length) % Math.max(found.length, 1));
      setOpen(true);
    } else if (key === 'Enter' && active !== undefined) {
      event.preventDefault();
      add(active.id);
    } else if (key === 'Backspace' && typed === '' && last !== undefined) drop(last);
    else if (key === 'Escape' && open) {
      // The first one closes the list, and not the dialog around it.
      event.preventDefault();
      event.stopPropagation();
      setOpen(false);
    }
  };

  return (
    <div className="field people">
      <label htmlFor={id}>{label}</label>
      <div className="people-box" onClick={() => field.current?.focus()}>
        {chosen.map((one) => (
          <span key={one} className="people-chip">
            <Avatar userId={one} size={18} />
            <span dir="auto">{nameOf(users.get(one))}</span>
            <button type="button" aria-label={`Remove ${nameOf(users.get(one))}`} onClick={() => drop(one)}>
              <X aria-hidden size={13} />
            </button>
          </span>
        ))}
        <input
          ref={field}
          id={id}
          role="combobox"
          autoComplete="off"
          aria-expanded={shown}
          aria-controls={`${id}-list`}
          aria-activedescendant={active && `${id}-${active.id}`}
          aria-autocomplete="list"
          aria-describedby={`${id}-about`}
          autoFocus={autoFocus}
          readOnly={full}
          placeholder={chosen.length === 0 ? 'Name or handle' : ''}
          value={typed}
          onChange={(event) => {
            setTyped(event.target.value);
            setAt(0);
            setOpen(true);
          }}
          onClick={() => setOpen(true)}
          onBlur={() => afterPress(() => setOpen(false))}
          onKeyDown={press}
        />
      </div>
      <p id={`${id}-about`} className="field-about">
        {full ? `No more than ${most} can be chosen.` : hint}
      </p>
      <ul id={`${id}-list`} role="listbox" aria-label={label} className="people-list" hidden={!shown}>
        {found.map((user) => (
          <li
            key={user.id}
            id={`${id}-${user.id}`}
            role="option"
            aria-selected={user.id === active?.id}
            // The field keeps the focus.
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => add(user.id)}
          >
            <Avatar userId={user.id} size={24} />
            <span dir="auto">{user.displayName}</span>
            <span className="people-handle">@{user.handle}</span>
          </li>
        ))}
        {found.length === 0 && (
          <li className="people-nobody" role="option" aria-selected={false} aria-disabled>
            Nobody is called like that.
          </li>
        )}
      </ul>
    </div>
  );
}

/** What is pressed must not move away before it is let go: nothing would be clicked. */
function afterPress(then: () => void): void {
  if (document.querySelector(':active') === null) then();
  else addEventListener('click', then, { once: true });
}
