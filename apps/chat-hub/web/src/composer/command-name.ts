/** The name of the command that a text is, if it is one: `/deploy now`, and neither `/etc/hosts` nor `//`. */
export function commandIn(text: string): string | undefined {
  return /^\/([a-z0-9][a-z0-9_-]*)(?:\s|$)/iu.exec(text)?.[1]?.toLowerCase();
}
