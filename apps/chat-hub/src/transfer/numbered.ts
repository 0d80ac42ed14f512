/** So many of one name are looked through. */
export const mostNames = 50;

/** The name for the second, the third and so on of those who are called alike. */
export function numbered(name: string, nth: number, longest: number): string {
  if (nth === 1) return name;
  const end = `-${nth}`;
  return `${name.slice(0, longest - end.length)}${end}`;
}
