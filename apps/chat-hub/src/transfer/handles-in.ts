/** What may be handles in a text, as they would be written to mention somebody. */
export function handlesIn(content: string): string[] {
  return [...content.matchAll(/@([a-z0-9][a-z0-9._-]*)/giu)].flatMap(([, name = '']) => {
    const lower = name.toLowerCase();
    return [lower, lower.replace(/[._-]+$/, '')];
  });
}
