/** At most so many characters, as the hub counts them. */
export function cut(text: string, most: number): string {
  return Array.from(text).slice(0, most).join('');
}
