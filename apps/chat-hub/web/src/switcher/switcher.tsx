/** Ctrl+K: to a channel or a person by a few letters. */
export function Switcher() {
  return null;
}
