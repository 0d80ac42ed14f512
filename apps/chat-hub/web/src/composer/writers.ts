import { draftsOf } from './drafts.ts';

/** The fields in which one writes now, by place. */
const fields = new Map<string, HTMLTextAreaElement>();

export function noteField(key: string, field: HTMLTextAreaElement): () => void {
  fields.set(key, field);
  return () => {
    if (fields.get(key) === field) fields.delete(key);
  };
}

/** Gives the focus to where one writes at a place, if that is on the screen. */
export const focusWriter = (key: string): void => fields.get(key)?.focus();

/** Puts what somebody said before one's own words, as a quotation. */
export function quote(userId: string, key: string, text: string): void {
  const drafts = draftsOf(userId);
  const begun = drafts.text(key).trimEnd();
  const quoted = text.replaceAll(/^/gmu, '> ');
  drafts.set(key, `${begun === '' ? '' : `${begun}\n\n`}${quoted}\n\n`);
  const field = fields.get(key);
  // The text is in the field after it was drawn.
  requestAnimationFrame(() => {
    field?.focus();
    field?.setSelectionRange(field.value.length, field.value.length);
  });
}
