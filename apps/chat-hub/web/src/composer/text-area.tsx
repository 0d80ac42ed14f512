import { useLayoutEffect, type KeyboardEvent, type RefObject, type TextareaHTMLAttributes } from 'react';
import { formattingOf, isSending } from './keys.ts';
import { applyEdit, isInCodeBlock } from './text-edit.ts';
import type { Suggestions } from './use-suggestions.ts';

export interface TextAreaProps extends Omit<
  TextareaHTMLAttributes<HTMLTextAreaElement>,
  'onSubmit' | 'value'
> {
  readonly area: RefObject<HTMLTextAreaElement | null>;
  readonly suggestions: Suggestions;
  readonly value: string;
  readonly onText: (text: string) => void;
  readonly onSend: () => void;
}

const grows = CSS.supports('field-sizing', 'content');

/** Where messages are written, and changed: it grows with its text, Enter sends, and names are completed. */
export function TextArea({ area, suggestions, value, onText, onSend, onKeyDown, ...rest }: TextAreaProps) {
  useLayoutEffect(() => {
    const { current } = area;
    if (grows || current === null) return;
    current.style.blockSize = 'auto';
    current.style.blockSize = `${current.scrollHeight + 2}px`;
  }, [area, value]);
  const isOpen = suggestions.items.length > 0;
  const press = (event: KeyboardEvent<HTMLTextAreaElement>): void => {
    const { currentTarget } = event;
    const { value: text, selectionStart, selectionEnd } = currentTarget;
    const formatting = formattingOf(event);
    if (suggestions.onKey(event)) event.preventDefault();
    else if (formatting !== undefined) {
      event.preventDefault();
      applyEdit(currentTarget, formatting(text, selectionStart, selectionEnd));
    } else if (isSending(event, isInCodeBlock(text, selectionStart))) {
      event.preventDefault();
      onSend();
    } else onKeyDown?.(event);
  };
  return (
    <textarea
      {...rest}
      ref={area}
      dir="auto"
      rows={1}
      value={value}
      aria-autocomplete="list"
      aria-controls={isOpen ? suggestions.listId : undefined}
      aria-activedescendant={isOpen ? `${suggestions.listId}-${suggestions.active}` : undefined}
      onChange={(event) => {
        onText(event.target.value);
        suggestions.look();
      }}
      onSelect={suggestions.look}
      onBlur={suggestions.close}
      onKeyDown={press}
    />
  );
}
