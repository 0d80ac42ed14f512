import { uncover } from '../channel/jump.ts';

/** Puts `@handle` where one writes, and the cursor behind it. */
export function mention(handle: string): void {
  uncover();
  // What was covered is laid out first.
  requestAnimationFrame(() => requestAnimationFrame(() => insert(`@${handle} `)));
}

function insert(text: string): void {
  const field = document.querySelector<HTMLTextAreaElement>('#main .composer textarea');
  if (field === null || field.disabled) return;
  const { selectionStart: start, selectionEnd: end, value } = field;
  const isGlued = start > 0 && !/\s/u.test(value.charAt(start - 1));
  field.focus();
  field.setRangeText(`${isGlued ? ' ' : ''}${text}`, start, end, 'end');
  field.dispatchEvent(new Event('input', { bubbles: true }));
}
