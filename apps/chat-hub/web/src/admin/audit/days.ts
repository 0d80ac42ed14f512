/** When a day begins here, or one of the following days; as its field writes it. */
export function dayOf(text: string, later = 0): number | undefined {
  const [year = 0, month = 1, day = 1] = text.split('-').map(Number);
  return text === '' ? undefined : Math.max(0, new Date(year, month - 1, day + later).getTime());
}
