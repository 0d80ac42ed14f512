import { Search } from 'lucide-react';
import { useEffect, useId, useLayoutEffect, useRef, useState, type KeyboardEvent } from 'react';
import { useHub } from '../hub/context.ts';
import { isCovered } from '../shell/overlay.ts';
import { pieceAt, suggestionsFor, type Suggestion } from './suggestions.ts';

export interface SearchFieldProps {
  readonly text: string;
  readonly maxLength: number;
  readonly onChange: (text: string) => void;
  readonly onSubmit: () => void;
}

const chips = ['from:', 'in:', 'before:', 'after:', 'has:', 'is:'] as const;

/** A line to search by. What can narrow the search is offered below it, for the arrow keys and for the pointer. */
export function SearchField({ text, maxLength, onChange, onSubmit }: SearchFieldProps) {
  const hub = useHub();
  const id = useId();
  const field = useRef<HTMLInputElement>(null);
  const [cursor, setCursor] = useState(text.length);
  const [open, setOpen] = useState(false);
  const [at, setAt] = useState(-1);
  const { from, piece } = pieceAt(text, cursor);
  const offered = open ? suggestionsFor(piece, hub.snapshot(), new Date()) : [];
  useEffect(() => {
    if (!isCovered()) field.current?.focus();
  }, []);
  // As soon as the text is there: later it would be under the fingers of who types on.
  const placed = useRef<number>(undefined);
  useLayoutEffect(() => {
    if (placed.current === undefined) return;
    field.current?.setSelectionRange(placed.current, placed.current);
    placed.current = undefined;
  });

  const write = (next: string, position: number): void => {
    onChange(next);
    setCursor(position);
    setAt(-1);
    setOpen(true);
    placed.current = position;
    field.current?.focus();
  };
  const take = ({ text: taken }: Suggestion): void => {
    // A filter is gone on with, and what is whole is followed by the next.
    const put = taken.endsWith(':') ? taken : `${taken} `;
    const rest = text.slice(cursor);
    write(`${text.slice(0, from)}${put}${rest.trimStart()}`, from + put.length);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const chosen = offered[at];
    if (event.nativeEvent.isComposing) return;
    if ((event.key === 'ArrowDown' || event.key === 'ArrowUp') && (offered.length > 0 || !open)) {
      event.preventDefault();
      setOpen(true);
      if (offered.length === 0) return;
      const step = event.key === 'ArrowDown' ? 1 : -1;
      setAt((at + step + offered.length + (at < 0 && step < 0 ? 1 : 0)) % offered.length);
    } else if ((event.key === 'Enter' || event.key === 'Tab') && chosen !== undefined) {
      event.preventDefault();
      take(chosen);
    } else if (event.key === 'Enter') {
      event.preventDefault();
      setOpen(false);
      onSubmit();
    } else if (event.key === 'Escape' && offered.length > 0) {
      event.preventDefault();
      setOpen(false);
      setAt(-1);
    }
  };
  return (
    <div
      className="search-field"
      onBlur={(event) => event.currentTarget.contains(event.relatedTarget) || setOpen(false)}
    >
      <div className="search-line">
        <Search aria-hidden size={16} />
        <input
          ref={field}
          data-search-field
          type="text"
          role="combobox"
          dir="auto"
          aria-label="Search for"
          aria-autocomplete="list"
          aria-expanded={offered.length > 0}
          aria-controls={`${id}-list`}
          aria-activedescendant={offered[at] === undefined ? undefined : `${id}-${at}`}
          autoComplete="off"
          spellCheck={false}
          enterKeyHint="search"
          placeholder="Search messages"
          value={text}
          maxLength={maxLength}
          onChange={({ target }) => {
            onChange(target.value);
            setCursor(target.selectionStart ?? target.value.length);
            setAt(-1);
            setOpen(true);
          }}
          onSelect={({ currentTarget }) => setCursor(currentTarget.selectionStart ?? 0)}
          onKeyDown={onKeyDown}
        />
      </div>
      <div className="search-chips" role="group" aria-label="Narrow the search">
        {chips.map((chip) => (
          <button
            key={chip}
            type="button"
            onClick={() => {
              const before = text.trimEnd();
              const next = `${before}${before === '' ? '' : ' '}${chip}`;
              write(next, next.length);
            }}
          >
            {chip}
          </button>
        ))}
      </div>
      <ul
        id={`${id}-list`}
        className="search-offers"
        role="listbox"
        aria-label="What can stand here"
        hidden={offered.length === 0}
      >
        {offered.map((suggestion, index) => (
          <li
            key={suggestion.text}
            id={`${id}-${index}`}
            role="option"
            aria-selected={index === at}
            onPointerDown={(event) => {
              event.preventDefault();
              take(suggestion);
            }}
          >
            <b dir="auto">{suggestion.text}</b> <span dir="auto">{suggestion.about}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}
