/** Gathers pages as lines of JSON, and has the browser save them. Answers how many lines there are. */
export async function saveLines(
  pages: AsyncGenerator<readonly unknown[], unknown>,
  name: string,
): Promise<number> {
  const parts: Blob[] = [];
  let count = 0;
  for await (const page of pages) {
    count += page.length;
    // A browser may keep these outside of its memory.
    parts.push(new Blob([page.map((line) => `${JSON.stringify(line)}\n`).join('')]));
  }
  const address = URL.createObjectURL(new Blob(parts, { type: 'application/x-ndjson' }));
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  // It is read after the click has returned.
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
  return count;
}
