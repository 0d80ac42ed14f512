import type { KeyboardEvent } from 'react';
import { formattings, type Formatting } from './text-edit.ts';

/** By the place of the key where a sign may stand elsewhere on a keyboard. */
const plain: Readonly<Record<string, Formatting>> = {
  b: formattings.bold,
  i: formattings.italic,
  e: formattings.code,
};
const shifted: Readonly<Record<string, Formatting>> = {
  KeyE: formattings.codeBlock,
  KeyU: formattings.link,
  Digit7: formattings.numbers,
  Digit8: formattings.list,
  Digit9: formattings.quote,
};

/** How a key marks a text up, if it does. */
export function formattingOf({
  ctrlKey,
  metaKey,
  altKey,
  shiftKey,
  key,
  code,
}: KeyboardEvent): Formatting | undefined {
  if (!(ctrlKey || metaKey) || altKey) return undefined;
  return shiftKey ? shifted[code] : plain[key.toLowerCase()];
}

/** On a telephone a line ends with Enter: the button sends. */
export const entersLines = (): boolean => matchMedia('(hover: none) and (pointer: coarse)').matches;

/** Whether a key says that the text is done. */
export function isSending(
  { key, shiftKey, altKey, ctrlKey, metaKey, nativeEvent }: KeyboardEvent,
  inCode: boolean,
): boolean {
  // While a word is being composed, Enter ends the word. Safari says so by the number alone.
  if (key !== 'Enter' || shiftKey || altKey || nativeEvent.isComposing || nativeEvent.keyCode === 229)
    return false;
  return ctrlKey || metaKey || !(inCode || entersLines());
}
